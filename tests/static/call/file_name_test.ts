/** Names that come from somebody else: shown as they will be saved, and saved where the person says. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { safeFileName } from "../../../static/call/file_name.ts";

const names: Record<string, string> = {
  "report.pdf": "report.pdf",
  "报告 2026.pdf": "报告 2026.pdf",
  "../../etc/passwd": "passwd",
  "..\\..\\system32\\drivers.sys": "drivers.sys",
  "/": "file",
  "": "file",
  "...": "file",
  ".bashrc": "bashrc",
  "a\u0000b\u001b[31m.txt": "ab[31m.txt",
  "invoice\u202excod.exe": "invoicexcod.exe",
  "in\u2066vo\u2069ice\u200f.pdf": "invoice.pdf",
  "a\nb\tc.txt": "a b c.txt",
  "name.txt. . ": "name.txt",
  'a<b>c:"d|e?f*.txt': "a_b_c__d_e_f_.txt",
  "CON": "_CON",
  "lpt1.txt": "_lpt1.txt",
  "console.log": "console.log",
  "lone\ud800.txt": "lone.txt",
};

for (const [given, safe] of Object.entries(names)) {
  Deno.test(`safeFileName makes ${JSON.stringify(given)} to ${safe}`, () => {
    assert.equal(safeFileName(given), safe);
  });
}

Deno.test("safeFileName cuts a long name and keeps what it says the file is", () => {
  assert.equal(safeFileName(`${"a".repeat(300)}.tar.gz`), `${"a".repeat(56)}….gz`);
  assert.equal(safeFileName("😀".repeat(100)), `${"😀".repeat(59)}…`);
});

Deno.test("safeFileName closes up over what it takes out", () => {
  assert.equal(safeFileName("o \u0000 a"), "o a");
  assert.equal(safeFileName("e\u202e\u0301.txt"), "\u00e9.txt");
});

Deno.test("safeFileName never leaves a path, a control or an empty name, and is stable", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 100 }),
    fc.string({ unit: fc.constantFrom(..."./\\ \u202e\u0000:con\u2028a😀\ud800") }),
  );
  fc.assert(fc.property(text, (name) => {
    const safe = safeFileName(name);

    assert.match(safe, /^[^/\\\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}<>:"|?*]+$/u);
    assert.match(safe, /^[^. ].*(?<![. ])$/u);
    assert.ok(new TextEncoder().encode(safe).length <= 255);
    assert.equal(safeFileName(safe), safe);
  }));
});
