/** The README says what is true: its settings are those of the server, its links lead somewhere. */
import assert from "node:assert/strict";
import { type SettingName, settings, variableOf } from "../src/settings.ts";

const root = new URL("../", import.meta.url);
const readme = await Deno.readTextFile(new URL("README.md", root));

Deno.test("README lists every setting as the server knows it, and no other", () => {
  const rows = readme.split("\n").filter((line) =>
    line.startsWith("| `--") && line.split("|").length === 6
  );
  const expected = (Object.keys(settings) as SettingName[]).map((name) => {
    const { fallback, help } = settings[name];
    const shown = fallback === undefined || fallback === "" ? "" : `\`${fallback}\``;
    return ["", `\`--${name}\``, `\`${variableOf(name)}\``, shown, help, ""];
  });

  assert.deepEqual(rows.map((row) => row.split("|").map((cell) => cell.trim())), expected);
});

Deno.test("README names tasks that exist", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
  const named = [...readme.matchAll(/(?:deno|deno@2\.9) task (\w+)/g)].map((match) => match[1]!);

  assert.ok(named.includes("start") && named.includes("test") && named.includes("simulate"));
  assert.deepEqual(named.filter((name) => !(name in tasks)), []);
});

Deno.test("README's example of a webhook is good, and its check refuses what is forged or old", async () => {
  const [, head = "", body = ""] = /^```http\n([^]*?)\n\n(.*)\n```$/m.exec(readme)!;
  const headers = Object.fromEntries(
    head.split("\n").slice(1).map((line) => line.split(": ") as [string, string]),
  );
  const [, secret] = /with the secret `([^`]+)`/.exec(readme)!;
  const [, code] = /^```js\n([^]*?)^```$/m.exec(readme)!;
  const { readEvent } = await import(`data:text/javascript,${encodeURIComponent(code!)}`);
  const { at } = JSON.parse(body);

  assert.deepEqual(readEvent(headers, body, secret, at), JSON.parse(body));
  assert.throws(() => readEvent(headers, body, `${secret}x`, at), /forged/);
  assert.throws(() => readEvent(headers, body.replace("ann", "bob"), secret, at), /forged/);
  assert.throws(() => readEvent(headers, body, secret, at + 301_000), /old/);
  const later = { ...headers, "webhook-timestamp": `${Number(headers["webhook-timestamp"]) + 1}` };
  assert.throws(() => readEvent(later, body, secret, at), /forged/);
});

Deno.test("README links to files that exist", async () => {
  const targets = [...readme.matchAll(/\]\((?!https?:|#)([^)]+)\)/g)].map((match) => match[1]!);

  assert.ok(targets.length > 3);
  for (const target of targets) await Deno.stat(new URL(target, root));
});
