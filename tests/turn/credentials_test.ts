/** User names and passwords of TURN. */
import assert from "node:assert/strict";
import { passwordOf, readUsername, usernameOf } from "../../src/turn/mod.ts";
import { connectionIdFrom } from "../../src/protocol/mod.ts";
import { roomId, userId } from "../support/messages.ts";

Deno.test("[IC1] usernameOf names the end, the room and the user", () => {
  const ann = { roomId: roomId("test"), userId: userId("ann") };

  assert.equal(usernameOf(ann, 1_900_000_000.9), "1900000000:test/ann");
  assert.equal(usernameOf(connectionIdFrom("p0Zc2Vn4Tq8m"), 5), "5:p0Zc2Vn4Tq8m");
});

Deno.test("usernameOf keeps to ASCII, to what STUN has room for, and each id apart", () => {
  const wide = "𝔘".repeat(64); // The longest id there is, in bytes.
  const names = ["ü", "会议", wide, `${wide.slice(2)}𝔙`, "u", "a.b_c-d"]
    .map((id) => usernameOf({ roomId: roomId(id), userId: userId(id) }, 1_900_000_000));

  for (const name of names) assert.match(name, /^1900000000:[\x21-\x7e]{3,}$/);
  assert.equal(Math.max(...names.map(({ length }) => length)) <= 508, true);
  assert.equal(new Set(names).size, names.length);
});

Deno.test("readUsername reads what usernameOf makes, and nothing else", () => {
  assert.deepEqual(readUsername("1900000000:test/ann"), {
    endsAt: 1_900_000_000,
    holder: "test/ann",
  });
  for (const bad of ["", "ann", ":ann", "12:", "12", "-5:ann", "1e9:ann", "12:a b", "12:\nann"]) {
    assert.equal(readUsername(bad), undefined, bad);
  }
});

Deno.test("passwordOf is the HMAC-SHA1 that coturn computes", () => {
  // printf 1900000000:test/ann | openssl dgst -sha1 -hmac "a secret of the test" -binary | base64
  const expected = "X69NrutWHLuMp28SqsNd+ur0PvA=";

  assert.equal(passwordOf("1900000000:test/ann", "a secret of the test"), expected);
});
