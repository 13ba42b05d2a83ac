/** Lines of a description, and the grammars within them. */
import assert from "node:assert/strict";
import {
  badLine,
  cutAtSpace,
  pushBounded,
  readMid,
  readNumber,
  readPrintable,
  readRid,
  readWord,
  splitLines,
} from "../../../src/media/sdp/description_line.ts";
import { assertRefused } from "./fixtures.ts";

const LINE = { number: 7, type: "a", value: "" };

Deno.test("splitLines takes every line end, and numbers what it returns", () => {
  assert.deepEqual(splitLines("v=0\r\no=- 1\ns=\rt=0 0\r\n\r\n"), [
    { number: 1, type: "v", value: "0" },
    { number: 2, type: "o", value: "- 1" },
    { number: 3, type: "s", value: "" },
    { number: 4, type: "t", value: "0 0" },
  ]);
});

Deno.test("splitLines refuses what is no line, control characters and endless text", () => {
  for (const text of ["v", "vv=0", "=0", "V=0", "0=0", " v=0", "ä=0"]) {
    assertRefused(() => splitLines(`v=0\r\n${text}\r\n`), /line 2 does not begin/);
  }
  for (const character of ["\0", "\t", "\x0b", "\x1f", "\x7f"]) {
    assertRefused(() => splitLines(`v=0\r\ns=${character}\r\n`), /control characters/);
  }
  assertRefused(() => splitLines(`s=${"x".repeat(256 * 1024)}`), /longer than 262144/);
  assert.equal(splitLines(`s=${"x".repeat(256 * 1024 - 2)}`).length, 1);
});

Deno.test("readNumber takes whole numbers up to its bound alone", () => {
  const options = { max: 127, what: "a payload type" };
  assert.equal(readNumber(LINE, "0", options), 0);
  assert.equal(readNumber(LINE, "127", options), 127);

  for (const text of ["128", "-1", "1.5", "1e2", "0x1", " 1", "", "99999999999", "٣", undefined]) {
    assertRefused(
      () => readNumber(LINE, text, options),
      /line 7: a payload type is no number from 0 to 127/,
    );
  }
});

Deno.test("readMid and readRid take what fits into a header extension", () => {
  assert.equal(readMid(LINE, "0123456789abcdef"), "0123456789abcdef");
  assert.equal(readRid(LINE, "low_1-A"), "low_1-A");

  for (const text of ["", "0123456789abcdefg", "a b", "a(b", "ä", 'a"b']) {
    assertRefused(() => readMid(LINE, text), /line 7: a=mid/);
  }
  for (const text of [undefined, "", "0123456789abcdefg", "a~b", "a.b", "ä"]) {
    assertRefused(() => readRid(LINE, text), /line 7: a rid/);
  }
});

Deno.test("readWord and readPrintable take ASCII of bounded length", () => {
  assert.equal(readWord(LINE, "urn:x#y", "a name"), "urn:x#y");
  assert.equal(readPrintable(LINE, "a=1; b=2", "a=fmtp"), "a=1; b=2");

  for (const text of [undefined, "", "a b", "ä", "x".repeat(257)]) {
    assertRefused(() => readWord(LINE, text, "a name"), /line 7: a name/);
  }
  for (const text of ["ä", "x".repeat(1_025)]) {
    assertRefused(() => readPrintable(LINE, text, "a=fmtp"), /line 7: a=fmtp/);
  }
});

Deno.test("cutAtSpace cuts at the first space, or not at all", () => {
  assert.deepEqual(cutAtSpace("96 nack pli"), ["96", "nack pli"]);
  assert.deepEqual(cutAtSpace("96"), ["96", ""]);
  assert.deepEqual(cutAtSpace(""), ["", ""]);
});

Deno.test("pushBounded refuses one too many", () => {
  const list = ["a"];
  pushBounded(LINE, list, { entry: "b", max: 2, what: "words" });

  assertRefused(
    () => pushBounded(LINE, list, { entry: "c", max: 2, what: "words" }),
    /line 7: more than 2 words/,
  );
  assert.deepEqual(list, ["a", "b"]);
});

Deno.test("badLine names the line and why", () => {
  const error = badLine(LINE, "it is empty");

  assert.equal(error.code, "bad-description");
  assert.equal(error.message, "Cannot take the description: line 7: it is empty");
});
