/** What clients are told of what the server counts of their media. */
import assert from "node:assert/strict";
import { Compile } from "typebox/compile";
import { type ServerMessage, serverMessages } from "../../src/protocol/mod.ts";
import { HubFixture } from "../support/hub_fixture.ts";
import { userId } from "../support/messages.ts";
import { ScriptedMediaPlane } from "../support/scripted_media_plane.ts";

const ann = userId("ann");

/** A room that is an SFU, with Ann and Bob in it. */
function makeMeeting() {
  const plane = new ScriptedMediaPlane();
  const fixture = new HubFixture({ media: plane, topology: "sfu" });
  const annClient = fixture.join("test", "ann", { sfu: true });
  const bobClient = fixture.join("test", "bob", { sfu: true });
  annClient.heard();
  return { plane, fixture, annClient, bobClient };
}

function codesOf(messages: readonly ServerMessage[]) {
  return messages.map((one) => one.type === "error" ? one.code : one.type);
}

Deno.test("[MS1, MS2] Hub tells a participant what is counted of its media, now and then", async () => {
  const { plane, annClient, bobClient } = makeMeeting();
  const counters = { packets: 9, bytes: 900, lost: 1, nacks: 2, plis: 3, retransmitted: 4 };
  const layer = { rid: "h", bitrateKbps: 480, width: 640, height: 360, ...counters };
  const camera = { trackId: "1", source: "camera" } as const;
  const voice = { trackId: "2", source: "microphone" } as const;
  plane.room.counted = {
    publications: [{ ...camera, userId: ann, codec: "VP8", layers: [layer] }],
    subscriptions: [{
      ...voice,
      ...{ userId: ann, from: userId("bob"), rid: "", height: 0, isPaused: false },
      ...{ bitrateKbps: 32, roundTripMs: 20.5, ...counters },
    }],
    estimates: [{ userId: ann, bitrate: 2_400_400 }],
  };
  bobClient.heard();

  annClient.say({ type: "media-stats", requestId: 1 });
  annClient.say({ type: "media-stats", requestId: 2 });
  const heard: ServerMessage[] = [];
  while (heard.length < 2) heard.push(...await annClient.untilHeard());
  const [told, refused] = heard;

  assert.deepEqual(told, {
    type: "media-stats",
    published: [{ ...camera, codec: "VP8", layers: [layer] }],
    received: [{
      ...voice,
      ...{ userId: "bob", rid: "", height: 0, paused: false, bitrateKbps: 32, roundTripMs: 20.5 },
      ...counters,
    }],
    estimateKbps: 2_400,
    requestId: 1,
  });
  assert.ok(Compile(serverMessages["media-stats"]).Check(told));
  assert.ok(refused?.type === "error");
  assert.deepEqual(
    [refused.code, refused.requestId, refused.retryAfterMs],
    ["rate-limited", 2, 1_000],
  );
  assert.equal(plane.room.calls.at(-1), "stats ann");
  assert.deepEqual(bobClient.heard(), []);
});

Deno.test("[MS2] Hub has no counters for who is in a mesh, or cannot take its media so", () => {
  for (const options of [{}, { media: new ScriptedMediaPlane() }]) {
    const client = new HubFixture(options).join("test", "ann", { sfu: true });

    client.say({ type: "media-stats" });

    assert.deepEqual(codesOf(client.heard()), ["not-allowed"]);
  }
  const old = makeMeeting().fixture.join("test", "old");

  old.say({ type: "media-stats" });

  assert.deepEqual(codesOf(old.heard()), ["not-allowed"]);
});
