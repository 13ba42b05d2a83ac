/** The codes of the wire and the page that explains them say the same. */
import assert from "node:assert/strict";
import {
  CLOSE_CODES,
  ERROR_CODES,
  type ErrorCode,
  LEAVE_REASONS,
  ProtocolError,
} from "../../src/protocol/mod.ts";

const rules = await Deno.readTextFile(
  new URL("../../src/protocol/PROTOCOL.md", import.meta.url),
);

Deno.test("[ER1] ERROR_CODES are kebab-case and each has a sentence without a full stop", () => {
  for (const [code, meaning] of Object.entries(ERROR_CODES)) {
    assert.match(code, /^[a-z]+(-[a-z]+)*$/);
    assert.match(meaning, /^[A-Z].*[^.]$/);
  }
});

Deno.test("[ER1] ERROR_CODES are the codes of PROTOCOL.md, in its order", () => {
  const table = rules.split("\n").filter((line) => /^\| `/.test(line));
  const codes = table.flatMap((line) => [...line.split("|")[1]!.matchAll(/`([a-z-]+)`/g)])
    .map((match) => match[1]);

  assert.deepEqual(codes, Object.keys(ERROR_CODES));
});

Deno.test("[ER1] ProtocolError carries a code for programs and a sentence for people", () => {
  const error = new ProtocolError(
    "room-full",
    'Cannot join room "x": it holds 2 of 2 participants',
  );

  assert.ok(error instanceof Error);
  assert.equal(error.name, "ProtocolError");
  assert.equal(error.code satisfies ErrorCode, "room-full");
  assert.equal(`${error}`, 'ProtocolError: Cannot join room "x": it holds 2 of 2 participants');
});

Deno.test("[ER1] every code that PROTOCOL.md promises in a rule exists", () => {
  const promised = [...rules.matchAll(/`error\s+([a-z-]+)/g)].map((match) => match[1]!);

  assert.ok(promised.length >= 15, `${promised.length} codes`);
  for (const code of promised) assert.ok(Object.hasOwn(ERROR_CODES, code), code);
});

Deno.test("[CO9] CLOSE_CODES are those of PROTOCOL.md, and a server may send each", () => {
  const rule = ruleText("CO9");

  for (const code of Object.keys(CLOSE_CODES)) {
    assert.match(rule, RegExp(`\\b${code}\\b`));
    // RFC 6455, section 7.4.1: these never stand in a close frame.
    assert.equal(["1004", "1005", "1006", "1015"].includes(code), false);
  }
});

Deno.test("[LE4] LEAVE_REASONS are the reasons of PROTOCOL.md", () => {
  const reasons = [...ruleText("LE4").matchAll(/`([a-z-]+)`/g)].map((match) => match[1]);

  assert.deepEqual(reasons, [...LEAVE_REASONS]);
});

function ruleText(id: string): string {
  return rules.split(/\n(?=- \*\*|\n#)/).find((part) => part.startsWith(`- **${id}**`)) ?? "";
}
