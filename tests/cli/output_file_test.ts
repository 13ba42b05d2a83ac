/** Files that flags name. */
import assert from "node:assert/strict";
import { UsageError } from "../../cli/arguments.ts";
import { writeOutput } from "../../cli/output_file.ts";

Deno.test("writeOutput writes what is made, and makes nothing without a path", async () => {
  const path = await Deno.makeTempFile();

  writeOutput("json", path, () => "text");
  writeOutput("json", undefined, () => assert.fail("nobody asked"));

  assert.equal(await Deno.readTextFile(path), "text");
  await Deno.remove(path);
});

Deno.test("writeOutput names the flag and the path that cannot be written", () => {
  assert.throws(
    () => writeOutput("html", "/no/such/folder/x.html", () => ""),
    (error) => error instanceof UsageError && /--html "\/no\/such/.test(error.message),
  );
});
