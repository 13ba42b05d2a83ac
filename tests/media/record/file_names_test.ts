/** Names of files, whatever a user is called. */
import assert from "node:assert/strict";
import { fileName } from "../../../src/media/record/file_names.ts";

function nameFor(userId: string): string {
  return fileName({ participant: 2, userId, group: "person", count: 1, extension: "webm" });
}

Deno.test("fileName has number, id, group and count", () => {
  assert.equal(nameFor("alice"), "02-alice-person-1.webm");
  assert.equal(
    fileName({ participant: 117, userId: "Bob_b-2", group: "screen", count: 12, extension: "mp4" }),
    "117-Bob_b-2-screen-12.mp4",
  );
});

Deno.test("fileName keeps letters and digits of any script", () => {
  assert.equal(nameFor("Жанна٣"), "02-Жанна٣-person-1.webm");
  assert.equal(nameFor("花子"), "02-花子-person-1.webm");
});

Deno.test("fileName leads nowhere else", () => {
  const hostile = [
    "..",
    ".",
    "../../etc/passwd",
    "a/b",
    "a\\b",
    "a\0b",
    "a\nb",
    "CON.txt",
    "-rf",
    "~",
  ];
  for (const userId of hostile) {
    const name = nameFor(userId);
    assert.match(name, /^02-[^/\\.\0\n]*-person-1\.webm$/, userId);
  }
  assert.equal(nameFor("../x"), "02-___x-person-1.webm");
});

Deno.test("fileName is short enough for a file system, and cuts no letter", () => {
  const encoder = new TextEncoder();
  for (const letter of ["a", "é", "花", "𐐷"]) {
    const name = nameFor(letter.repeat(64));
    assert.ok(encoder.encode(name).length <= 80, name);
    assert.ok(name.isWellFormed(), name);
    assert.ok(name.includes(letter.repeat(15)), name);
  }
});

Deno.test("fileName is the same for one id, however its letters are composed", () => {
  assert.equal(nameFor("e\u0301"), nameFor("\u00e9"));
});
