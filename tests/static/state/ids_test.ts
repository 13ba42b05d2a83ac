/** The page's copy of the id rule, and the ids that it makes up. */
import assert from "node:assert/strict";
import { ID_PATTERN as PROTOCOL_PATTERN } from "../../../src/protocol/mod.ts";
import {
  DEFAULT_ROOM,
  friendlyUserId,
  ID_PATTERN,
  nextUserId,
  numberedUserId,
  parseRoomId,
  parseUserId,
} from "../../../static/state/ids.ts";

Deno.test("[ID1] ID_PATTERN is the protocol's", () => {
  assert.equal(ID_PATTERN, PROTOCOL_PATTERN);
});

Deno.test("[ID1] parseRoomId and parseUserId take ids of any script and nothing else", () => {
  for (const good of [DEFAULT_ROOM, "482913", "会议室", "a.b-c_d", "x".repeat(64)]) {
    assert.equal(parseRoomId(good), good);
    assert.equal(parseUserId(good), good);
  }
  for (const bad of ["", "two words", "x".repeat(65), "<b>", "a\u202eb", "emoji🙂"]) {
    assert.equal(parseRoomId(bad), undefined, JSON.stringify(bad));
    assert.equal(parseUserId(bad), undefined, JSON.stringify(bad));
  }
});

Deno.test("friendlyUserId makes an id at both ends of chance", () => {
  for (const chance of [0, 0.5, 0.999999]) {
    const id = friendlyUserId(() => chance);
    assert.equal(parseUserId(id), id);
    assert.match(id, /^[a-z]+-[a-z]+-\d\d$/);
  }
});

Deno.test("numberedUserId adds the number and stays an id however long the base is", () => {
  assert.equal(numberedUserId("ann", 2), "ann-2");
  const long = numberedUserId("𠮷".repeat(64), 12);
  assert.equal(parseUserId(long), long);
  assert.ok(long.endsWith("-12"));
});

Deno.test("nextUserId counts on from the number that is there", () => {
  assert.equal(nextUserId("ann"), "ann-2");
  assert.equal(nextUserId("ann-2"), "ann-3");
  assert.equal(nextUserId("calm-otter-99"), "calm-otter-100");
});
