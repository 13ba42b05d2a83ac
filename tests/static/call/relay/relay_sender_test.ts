/** What a page sends over its socket, as the server wants it. */
import assert from "node:assert/strict";
import type { ServerMessage } from "../../../../src/protocol/mod.ts";
import { decodeRelayFrame, type RelayFrame } from "../../../../src/protocol/relay_frame.ts";
import { PING_MS } from "../../../../static/call/relay/path_delay.ts";
import { RelaySender } from "../../../../static/call/relay/relay_sender.ts";
import { settle } from "../../support/fake_media.ts";
import { FakeTrack } from "../../support/fake_peer_connection.ts";
import { FakePicture, FakeRelay } from "../../support/fake_relay.ts";

const NOTHING = { video: false, audio: false, pictures: [], viewers: 0, maxFrameBytes: 100_000 };
const picture = { pictureId: 1, width: 320, framesPerSecond: 10 };

function setUp() {
  FakePicture.open = 0;
  const relay = new FakeRelay();
  const frames: RelayFrame[] = [];
  const sent: string[] = [];
  let changes = 0;
  const sender = new RelaySender({
    platform: relay,
    frames: {
      bufferedAmount: 0,
      sendFrame: (bytes) => frames.push(decodeRelayFrame(bytes)!) > 0,
    },
    send(message) {
      sent.push(message.type);
      queueMicrotask(() => say({ ...message, type: "pong" }));
      return true;
    },
    changed: () => changes++,
  });
  const tracks = {
    camera: new FakeTrack("video").asTrack,
    screen: new FakeTrack("video").asTrack,
    microphone: new FakeTrack("audio").asTrack,
    screenSound: new FakeTrack("audio").asTrack,
  };
  const { camera, microphone } = tracks;
  sender.setTracks({ camera, microphone });
  const want = async (wanted: Partial<typeof NOTHING> | { pictures: unknown[] }) => {
    say({ type: "relay-wanted", ...NOTHING, ...wanted });
    await settle();
  };
  const say = (message: Record<string, unknown>) =>
    sender.receive(message as unknown as ServerMessage);
  const show = async (count: number, of: MediaStreamTrack = camera) => {
    for (let n = 0; n < count; n++) {
      relay.clock.advance(40);
      relay.show(of, new FakePicture(relay.clock.elapsed() * 1_000));
      relay.sound(microphone);
      await settle();
    }
  };
  const kinds = () => [...new Set(frames.splice(0).map(({ kind }) => kind))].sort();
  return { relay, frames, sender, tracks, want, say, show, kinds, sent, changes: () => changes };
}

Deno.test("[FR1, FR4] RelaySender reads and sends nothing before somebody wants it", async () => {
  const { relay, sender, show, kinds } = setUp();

  await show(3);

  assert.deepEqual([relay.reading, kinds(), sender.relayed], [[], [], undefined]);
});

for (
  const [name, wanted, sent] of [
    ["pictures and sound", { video: true, audio: true, viewers: 2 }, ["opus", "vp8"]],
    ["sound alone", { audio: true, viewers: 1 }, ["opus"]],
    ["pictures alone", { video: true, viewers: 1 }, ["vp8"]],
    ["single pictures", { pictures: [picture], viewers: 1 }, ["jpeg"]],
  ] as const
) {
  Deno.test(`[FR4] RelaySender sends ${name} where that is wanted, and stops when it is not`, async () => {
    const { relay, sender, want, show, kinds, changes } = setUp();

    await want(wanted as Partial<typeof NOTHING>);
    await show(3);
    const [now, relayed] = [kinds(), sender.relayed];
    await want({});
    await show(3);

    assert.deepEqual(now, sent);
    assert.equal(relayed?.viewers, wanted.viewers);
    assert.deepEqual([relay.reading, kinds(), sender.relayed, changes()], [[], [], undefined, 2]);
    assert.equal(FakePicture.open, 0);
  });
}

Deno.test("[PI1] RelaySender asks how long its frames wait, while pictures are wanted", async () => {
  const { sent, want, show } = setUp();

  await want({ audio: true });
  await show(50);
  const before = sent.length;
  await want({ pictures: [picture] });
  await show(50);
  await want({});
  const meanwhile = sent.splice(0).length;
  await show(50);

  assert.deepEqual([before, meanwhile, sent.length], [0, 1 + 50 * 40 / PING_MS, 0]);
});

Deno.test("[FR4] RelaySender says what it sends", async () => {
  const { sender, want } = setUp();

  await want({ video: true, audio: true, pictures: [picture], viewers: 4 });

  assert.deepEqual(sender.relayed, { viewers: 4, isVideo: true, isAudio: true, pictures: 1 });
  sender.close();
});

Deno.test("[FR5, FR8] RelaySender makes a key frame when one is asked for, and after a resume", async () => {
  const { frames, sender, want, say, show } = setUp();
  await want({ video: true });
  await show(30);

  say({ type: "relay-key-frame" });
  await show(30);
  say({ type: "resumed", missed: 0, lastSeq: 1 });
  await show(30);

  const keys = frames.flatMap(({ isKey }, n) => isKey ? [n] : []);
  assert.deepEqual(keys, [0, 30, 60]);
  sender.close();
});

Deno.test("RelaySender shows a screen before a camera, and mixes its sound in", async () => {
  const { relay, sender, tracks, want, show, kinds } = setUp();
  await want({ video: true, audio: true });

  sender.setTracks(tracks);
  await show(2, tracks.screen);

  const { screen, microphone, screenSound } = tracks;
  assert.deepEqual(relay.reading, [screen, microphone, screenSound]);
  assert.deepEqual(kinds(), ["opus", "vp8"]);
  sender.close();
});

Deno.test("RelaySender sends no picture where the browser encodes none, and the rest all the same", async () => {
  const { relay, sender, want, show, kinds } = setUp();
  relay.kind = undefined;

  await want({ video: true, audio: true, pictures: [picture] });
  await show(3);

  assert.deepEqual(kinds(), ["jpeg", "opus"]);
  sender.close();
});

for (const type of ["joined", "leaved"]) {
  Deno.test(`[FR8] RelaySender forgets with ${type} what was wanted of another stay`, async () => {
    const { relay, sender, want, say } = setUp();
    await want({ video: true, audio: true });

    say({ type });

    assert.deepEqual([relay.reading, sender.relayed], [[], undefined]);
  });
}

Deno.test("RelaySender.close ends everything, and takes nothing any more", async () => {
  const { relay, sender, want, show, kinds } = setUp();
  await want({ video: true, audio: true, pictures: [picture] });
  await show(2);
  kinds();

  sender.close();
  await want({ video: true, audio: true });
  await show(2);

  assert.deepEqual([relay.reading, kinds(), FakePicture.open], [[], [], 0]);
  assert.ok(relay.encoders[0]!.isClosed && relay.soundEncoders[0]!.isClosed);
  assert.equal(relay.clock.pending, 0);
});
