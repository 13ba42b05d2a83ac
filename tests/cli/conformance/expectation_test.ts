/** What a message has to be, and how it is said when it is not. */
import assert from "node:assert/strict";
import {
  demandMessage,
  described,
  meets,
  same,
  that,
} from "../../../cli/conformance/expectation.ts";
import { Finding } from "../../../cli/conformance/verdict.ts";

const left = { type: "user-left", userId: "bob", reason: "left", list: [1, { a: 2 }] };

Deno.test("meets compares the type and the named fields deeply, and demands absence", () => {
  assert.ok(meets(left, "user-left", {}));
  assert.ok(meets(left, "user-left", { userId: "bob", list: [1, { a: 2 }], seq: undefined }));
  assert.ok(meets(left, "user-left", { reason: that("short", (one) => `${one}`.length < 5) }));
  assert.ok(!meets(left, "user-joined", {}));
  assert.ok(!meets(left, "user-left", { userId: "Bob" }));
  assert.ok(!meets(left, "user-left", { list: [1, { a: 3 }] }));
  assert.ok(!meets(left, "user-left", { reason: undefined }));
  assert.ok(!meets(left, "user-left", { reason: that("long", () => false) }));
});

Deno.test("[ME4] meets takes no message with a requestId for one without", () => {
  assert.ok(!meets({ ...left, requestId: "x" }, "user-left", {}));
  assert.ok(meets({ ...left, requestId: "x" }, "user-left", { requestId: "x" }));
});

Deno.test("demandMessage throws what was expected and what came", () => {
  const where = { userId: "cat", seq: undefined, reason: that("a reason", () => true) };

  assert.throws(
    () => demandMessage(left, "user-left", where),
    new Finding(
      'user-left with userId "cat", no seq, reason a reason',
      '{"type":"user-left","userId":"bob","reason":"left","list":[1,{"a":2}]}',
    ),
  );
});

Deno.test("described and same cut what is long", () => {
  const long = "x".repeat(5_000);

  assert.match(described("chat", { text: long }), /^chat with text "x{500,600}… \(\d+ more\)$/);
  assert.throws(
    () => same("the text", long, "y"),
    (error) => error instanceof Finding && error.seen.length < 700,
  );
});
