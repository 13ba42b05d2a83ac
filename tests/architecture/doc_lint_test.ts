/** The check of doc comments reads what deno says, and lets only findings about types pass. */
import assert from "node:assert/strict";
import { findingsIn, unaccepted } from "./doc_lint.ts";

const output = [
  "\x1b[31merror[private-type-ref]\x1b[0m: public type 'A' references private type 'B'",
  "  \x1b[38;5;12m-->\x1b[0m \x1b[36m/repo/src/a.ts\x1b[0m:8:1",
  "   | ",
  "",
  "error[missing-jsdoc]: exported symbol is missing JSDoc documentation",
  "  --> /repo/src/b.ts:3:14",
  "",
  "error: Found 2 documentation lint errors.",
].join("\n");

Deno.test("findingsIn reads kind, message and place of each finding", () => {
  assert.deepEqual(findingsIn(output), [
    {
      kind: "private-type-ref",
      message: "public type 'A' references private type 'B'",
      place: "/repo/src/a.ts:8:1",
    },
    {
      kind: "missing-jsdoc",
      message: "exported symbol is missing JSDoc documentation",
      place: "/repo/src/b.ts:3:14",
    },
  ]);
});

Deno.test("unaccepted keeps every finding that is not about how a type is written", () => {
  assert.deepEqual(unaccepted(findingsIn(output)).map(({ kind }) => kind), ["missing-jsdoc"]);
  assert.equal(unaccepted([{ kind: "missing-return-type", message: "", place: "" }]).length, 1);
});

Deno.test("findingsIn reads what this deno says of a symbol without a doc comment", async () => {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(file, "export function bare(): void {}\n");
  try {
    const { stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["doc", "--lint", file],
      stdout: "null",
    }).output();

    const findings = unaccepted(findingsIn(new TextDecoder().decode(stderr)));

    assert.deepEqual(findings.map(({ kind }) => kind), ["missing-jsdoc"]);
  } finally {
    await Deno.remove(file);
  }
});
