/** The languages: which one is spoken, and that each of them says everything. */
import assert from "node:assert/strict";
import { ERROR_CODES, LEAVE_REASONS } from "../../../src/protocol/mod.ts";
import { en } from "../../../static/i18n/en.ts";
import { LANGUAGES, pickLanguage } from "../../../static/i18n/language.ts";

Deno.test("pickLanguage takes the browser's first language that it knows", () => {
  assert.equal(pickLanguage(undefined, ["zh-CN", "en"]), "zh-CN");
  assert.equal(pickLanguage(undefined, ["de-DE", "en-GB", "zh"]), "en");
  assert.equal(pickLanguage(undefined, ["fr", "zh-Hant-TW"]), "zh-CN");
});

Deno.test("pickLanguage speaks English to everybody else", () => {
  assert.equal(pickLanguage(undefined, []), "en");
  assert.equal(pickLanguage(undefined, ["fr", "english"]), "en");
});

Deno.test("pickLanguage takes the choice by hand before the browser's", () => {
  assert.equal(pickLanguage("en", ["zh-CN"]), "en");
  assert.equal(pickLanguage("zh-CN", ["en"]), "zh-CN");
  assert.equal(pickLanguage("klingon", ["zh-CN"]), "zh-CN");
});

for (const [tag, { load }] of Object.entries(LANGUAGES)) {
  const texts = await load();

  Deno.test(`texts in ${tag} have every key of the English ones and no other`, () => {
    assert.deepEqual(keysOf(texts), keysOf(en));
  });

  Deno.test(`texts in ${tag} are never empty`, () => {
    assert.deepEqual(emptyIn(texts), []);
  });

  Deno.test(`[ER1, LE4] texts in ${tag} have words for every error and every reason`, () => {
    assert.deepEqual(Object.keys(texts.errors), Object.keys(ERROR_CODES));
    assert.deepEqual(Object.keys(texts.leftBecause), [...LEAVE_REASONS]);
  });

  Deno.test(`texts in ${tag} carry the names and numbers they are given`, () => {
    assert.match(texts.someoneJoined("Ann"), /Ann/);
    assert.match(texts.leftBecause.disconnected("Ann"), /Ann/);
    assert.match(texts.manyCameAndWent(12, 7), /12.*7/);
    assert.doesNotMatch(texts.manyCameAndWent(12, 0), /0/);
    assert.match(texts.closedWith(1012, "server-shutting-down"), /1012.*server-shutting-down/);
  });
}

Deno.test("texts in Chinese are Chinese wherever the English ones are words", async () => {
  const same = Object.entries(await LANGUAGES["zh-CN"].load())
    .filter(([key, text]) => typeof text === "string" && text === en[key as keyof typeof en]);

  assert.deepEqual(same, []);
});

function keysOf(value: unknown, path = ""): string[] {
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value).flatMap(([key, item]) => keysOf(item, `${path}.${key}`)).sort();
}

function emptyIn(value: unknown, path = ""): string[] {
  if (typeof value === "string") return value.trim() === "" ? [path] : [];
  if (typeof value === "function") {
    const text: unknown = value(2, 3);
    return typeof text !== "string" || text.trim() === "" ? [path] : [];
  }
  return Object.entries(value ?? {}).flatMap(([key, item]) => emptyIn(item, `${path}.${key}`));
}
