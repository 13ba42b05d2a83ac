/** Room ids, user ids and names: any script, no tricks. */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  connectionIdFrom,
  decode,
  type Decoded,
  ID_PATTERN,
  parseRoomId,
  parseUserId,
} from "../../src/protocol/mod.ts";

const goodIds = {
  "one letter": "a",
  "one digit": "0",
  "each mark": "_-.",
  "a dot alone": ".",
  "two dots": "..",
  "a name of every object": "__proto__",
  Latin: "Zoë_Ångström-1.2",
  Chinese: "会议室一",
  Japanese: "ひらがなカタカナー々",
  Korean: "회의실",
  Arabic: "غرفة",
  "Arabic digits": "٠١٢٣",
  Hebrew: "חדר",
  Cyrillic: "комната",
  Greek: "δωμάτιο",
  "Devanagari digits": "०१२३४५६७८९",
  "Devanagari letters": "कखग",
  Thai: "หอง",
  Georgian: "ოთახი",
  Cherokee: "ᏣᎳᎩ",
  "letters beyond the BMP": "𐐷𠮷𞤀",
  "numbers that are no digits": "Ⅷ½²",
  "64 in the BMP": "x".repeat(64),
  "64 beyond the BMP": "𠮷".repeat(64),
};

const badIds = {
  empty: "",
  "a space": "a b",
  "only a space": " ",
  "65 in the BMP": "x".repeat(65),
  "65 beyond the BMP": "𠮷".repeat(65),
  "a megabyte, nearly": "x".repeat(60_000),
  "a line feed at the end": "room\n",
  "a NUL": "a\0b",
  DEL: "a\x7F",
  C1: "a\x85",
  BOM: "\uFEFFroom",
  emoji: "😀",
  "an emoji made of several": "👩‍🚀",
  "a digit in a keycap": "1\uFE0F\u20E3",
  "a zero-width joiner": "a\u200Db",
  "a zero-width space": "a\u200Bb",
  "a soft hyphen": "a\u00ADb",
  "a non-breaking space": "a\u00A0b",
  "bidi override": "a\u202Eb",
  "bidi isolate": "a\u2066b",
  "right-to-left mark": "a\u200F",
  "a combining accent": "e\u0301",
  "a lone high surrogate": "\uD83D",
  "a lone low surrogate": "\uDE00",
  "a pair the wrong way round": "\uDE00\uD83D",
  "private use": "\uE000",
  "a noncharacter": "\uFFFF",
  slash: "a/b",
  backslash: "a\\b",
  percent: "%2e",
  quotes: '"a"',
  markup: "<b>",
  at: "a@b",
  colon: "a:b",
};

Deno.test("[ID1] decode takes room ids and user ids of any script", () => {
  for (const [what, id] of Object.entries(goodIds)) {
    const decoded = decoding({ type: "join", roomId: id, userId: id });

    assert.deepEqual(
      decoded,
      { ok: true, message: { type: "join", roomId: id, userId: id } },
      what,
    );
  }
});

Deno.test("[ID1] parseRoomId and parseUserId return a good id as it is", () => {
  for (const id of Object.values(goodIds)) {
    assert.equal(parseRoomId(id), id);
    assert.equal(parseUserId(id), id);
  }
});

Deno.test("[ID1] ids are not normalised: equal looks are not equal ids", () => {
  const composed = parseRoomId("é");
  const compatible = parseRoomId("ｒoom");

  assert.equal(composed, "\u00E9");
  assert.notEqual(compatible, parseRoomId("room"));
});

Deno.test("[ID1] parseRoomId agrees with the alphabet, whatever the text", () => {
  const alphabet = /^[\p{L}\p{N}_.-]$/u;
  const good = fc.constantFrom("a", "Z", "0", "_", ".", "-", "語", "٣", "𠮷");
  const any = fc.string({ unit: "binary", minLength: 1, maxLength: 1 });
  const texts = fc.string({
    unit: fc.oneof({ weight: 50, arbitrary: good }, { weight: 1, arbitrary: any }),
    maxLength: 70,
    size: "max",
  });

  fc.assert(fc.property(texts, (text) => {
    const characters = [...text];
    const isGood = characters.length >= 1 && characters.length <= 64 &&
      characters.every((character) => alphabet.test(character));
    assert.equal(parseRoomId(text) !== undefined, isGood);
    assert.equal(parseUserId(text) !== undefined, isGood);
  }));
});

Deno.test("[ID1] ID_PATTERN is what JSON Schema calls a pattern: anchored, with the u flag", () => {
  const expression = new RegExp(ID_PATTERN, "u");

  for (const id of Object.values(goodIds)) assert.match(id, expression);
  for (const id of Object.values(badIds)) assert.doesNotMatch(id, expression);
});

Deno.test("[ID2] decode refuses a bad room id as invalid-room-id", () => {
  for (const [what, roomId] of Object.entries(badIds)) {
    assertRefused(decoding({ type: "join", roomId }), "invalid-room-id", what);
    assertRefused(decoding({ type: "leave", roomId }), "invalid-room-id", what);
    assert.equal(parseRoomId(roomId), undefined, what);
  }
});

Deno.test("[ID2] decode refuses a bad user id as invalid-user-id, in userId and in to", () => {
  const offer = { type: "offer", sdp: "" };

  for (const [what, id] of Object.entries(badIds)) {
    const messages = [
      { type: "join", roomId: "test", userId: id },
      { type: "leave", userId: id },
      { type: "offer", to: id, description: offer },
      { type: "answer", to: id, description: { type: "answer", sdp: "" } },
      { type: "ice-candidate", to: id, candidate: null },
      { type: "chat", text: "Hello", to: id },
      { type: "data", payload: 1, to: id },
    ];
    for (const message of messages) assertRefused(decoding(message), "invalid-user-id", what);
    assert.equal(parseUserId(id), undefined, what);
  }
});

Deno.test("[ID2] decode refuses an id that is not a string", () => {
  for (const id of [null, 0, 482913, true, [], ["test"], {}]) {
    assertRefused(decoding({ type: "join", roomId: id }), "invalid-room-id", String(id));
    assertRefused(
      decoding({ type: "join", roomId: "test", userId: id }),
      "invalid-user-id",
      String(id),
    );
  }
});

Deno.test("[ID2] decode calls a missing id a bad message: no id was given", () => {
  assertRefused(decoding({ type: "join" }), "bad-message", "join");
  assertRefused(
    decoding({ type: "ice-candidate", candidate: null }),
    "bad-message",
    "ice-candidate",
  );
});

Deno.test("[ID3] decode takes names for people", () => {
  const names = [
    "Ann",
    "Zoë O'Neill-Ångström (she/her)",
    "e\u0301",
    "王小明",
    "محمد",
    "\u200Fدانيال\u200F",
    "क्षितिज",
    "👩‍🚀",
    "می‌خواهم",
    "a\u00A0b",
    "<script>alert(1)</script>",
    "x".repeat(64),
    "😀".repeat(64),
    "not unique",
  ];

  for (const name of names) {
    assert.ok(decoding({ type: "join", roomId: "test", name }).ok, name);
  }
});

Deno.test("[ID3] decode refuses names with control characters or marks that turn text", () => {
  const names = {
    empty: "",
    "too long": "x".repeat(65),
    "too long beyond the BMP": "😀".repeat(65),
    "one letter under a heap of accents": "a" + "\u0301".repeat(64),
    NUL: "a\0",
    "line feed": "a\nb",
    tab: "a\tb",
    escape: "\x1B[31mred",
    DEL: "a\x7F",
    C1: "a\x9B",
    embedding: "a\u202A",
    "right-to-left embedding": "a\u202B",
    pop: "a\u202C",
    "left-to-right override": "a\u202D",
    "right-to-left override": "a\u202E",
    "left-to-right isolate": "a\u2066",
    "right-to-left isolate": "a\u2067",
    "first strong isolate": "a\u2068",
    "pop isolate": "a\u2069",
    "lone surrogate": "a\uD800",
    "line separator": "a\u2028b",
    "paragraph separator": "a\u2029b",
  };

  for (const [what, name] of Object.entries(names)) {
    assertRefused(decoding({ type: "join", roomId: "test", name }), "bad-message", what);
  }
  for (const name of [null, 1, ["Ann"], { first: "Ann" }]) {
    assertRefused(decoding({ type: "join", roomId: "test", name }), "bad-message", String(name));
  }
});

Deno.test("connectionIdFrom keeps the text it is given", () => {
  assert.equal(connectionIdFrom("p0Zc2Vn4Tq8m"), "p0Zc2Vn4Tq8m");
});

function decoding(message: Record<string, unknown>): Decoded {
  return decode(JSON.stringify(message), 65_536);
}

function assertRefused(decoded: Decoded, code: string, what: string): void {
  assert.ok(!decoded.ok, `${what} was taken`);
  assert.equal(decoded.code, code, what);
}
