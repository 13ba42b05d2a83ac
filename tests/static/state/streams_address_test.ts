/** Addresses of the page of streams, read and written. */
import assert from "node:assert/strict";
import { parseStreamsAddress, singleStreamAddress } from "../../../static/state/streams_address.ts";
import { USUAL_CHOICE } from "../../../static/state/streams.ts";

Deno.test("parseStreamsAddress is all rooms as usual where nothing is said", () => {
  assert.deepEqual(parseStreamsAddress("", ""), {
    rights: { room: "", passcode: "", accessToken: "" },
    choice: USUAL_CHOICE,
    only: undefined,
  });
});

Deno.test("parseStreamsAddress passes over choices that there are not, and a user of no room", () => {
  const { choice, only } = parseStreamsAddress("?fps=7&width=99999&user=ann", "");

  assert.deepEqual(choice, USUAL_CHOICE);
  assert.equal(only, undefined);
});

Deno.test("singleStreamAddress is read back as what it was made of", () => {
  const choice = { framesPerSecond: 0.2, width: 1280 };
  const rights = { room: "房", passcode: "a&b #1", accessToken: "x.y" };

  const address = new URL(
    singleStreamAddress({ roomId: "房", userId: "ann" }, { choice, rights }),
    "http://localhost",
  );

  assert.equal(address.pathname, "/streams");
  assert.deepEqual(parseStreamsAddress(address.search, address.hash), {
    rights,
    choice,
    only: "ann",
  });
  // What opens the room is sent to nobody.
  assert.doesNotMatch(address.search, /a%26b|x\.y/);
});

Deno.test("singleStreamAddress of an open room has nothing to hide", () => {
  const rights = { room: "", passcode: "", accessToken: "" };

  assert.equal(
    singleStreamAddress({ roomId: "r", userId: "u" }, { choice: USUAL_CHOICE, rights }),
    "/streams?room=r&user=u&fps=10&width=640",
  );
});
