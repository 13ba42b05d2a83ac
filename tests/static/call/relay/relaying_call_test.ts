/** The call of a meeting that sends frames beside its media. */
import assert from "node:assert/strict";
import type { ServerMessage } from "../../../../src/protocol/mod.ts";
import { RelayingCall } from "../../../../static/call/relay/relaying_call.ts";
import { user } from "../../support/call_fixture.ts";
import { FakeCall } from "../../support/fake_call.ts";
import { FakeTrack } from "../../support/fake_peer_connection.ts";
import { FakeRelay } from "../../support/fake_relay.ts";

Deno.test("[FR4] RelayingCall sends what it shows over the socket, as long as that is wanted", () => {
  const relay = new FakeRelay();
  const made: FakeCall[] = [];
  let changes = 0;
  const create = (options: ConstructorParameters<typeof FakeCall>[0]) => {
    made.push(new FakeCall(options));
    return made.at(-1)!;
  };
  const call = new RelayingCall({
    ...{ selfId: user("ann"), topology: "mesh", iceServers: [], send: () => true, relay },
    clock: relay.clock,
    frames: { bufferedAmount: 0, sendFrame: () => true },
    create: { mesh: create, sfu: create },
    events: { changed: () => changes++, channelOpened: () => {} },
  });
  const camera = new FakeTrack("video").asTrack;
  call.setTracks({ camera });
  const pictures = [{ pictureId: 1, width: 320, framesPerSecond: 5 }];
  const wanted = { video: false, audio: false, pictures, viewers: 3, maxFrameBytes: 9_999 };

  call.receive({ type: "relay-wanted", ...wanted } as ServerMessage);

  assert.deepEqual(call.relayed, { viewers: 3, isVideo: false, isAudio: false, pictures: 1 });
  assert.deepEqual([changes, relay.reading], [1, [camera]]);
  assert.deepEqual([made[0]!.tracks, made[0]!.received], [{ camera }, ["relay-wanted"]]);
  call.close();
  assert.deepEqual([relay.reading, call.relayed, made[0]!.isClosed], [[], undefined, true]);
});
