/** Ids in paths. */
import assert from "node:assert/strict";
import { readRoomId, readUserId } from "../../src/http/path_ids.ts";
import { hasCode } from "../support/room_fixture.ts";

Deno.test("readRoomId and readUserId take ids of any script", () => {
  assert.equal(readRoomId("会议-1"), "会议-1");
  assert.equal(readUserId("ann.b_c"), "ann.b_c");
});

Deno.test("readRoomId and readUserId refuse what is none, each with its code", () => {
  for (const text of ["", "a b", "x".repeat(65), "%E0%A4%A", "a/b"]) {
    assert.throws(() => readRoomId(text), hasCode("invalid-room-id"), text);
    assert.throws(() => readUserId(text), hasCode("invalid-user-id"), text);
  }
});
