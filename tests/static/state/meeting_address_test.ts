/** Addresses of meetings. */
import assert from "node:assert/strict";
import { meetingPath, roomOfPath } from "../../../static/state/meeting_address.ts";

Deno.test("[ID1] roomOfPath reads what meetingPath writes, in any script", () => {
  for (const roomId of ["482913", "team-1", "会议", "a.b_c"]) {
    assert.equal(roomOfPath(meetingPath(roomId)), roomId);
  }
});

Deno.test("[ID1] roomOfPath takes nothing that is no room id", () => {
  for (const path of ["/meet", "/meet/", "/meet/a/b", "/meet/%", "/meet/a%20b", "/test", "/"]) {
    assert.equal(roomOfPath(path), undefined, path);
  }
});
