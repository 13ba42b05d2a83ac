/** Packets that no browser sends: nothing of them ends a recording, or the process. */
import assert from "node:assert/strict";
import { type CodecName, CODECS } from "../../../src/media/rtp/codecs.ts";
import { RtpPacket } from "../../../src/media/rtp/packet.ts";
import { TICK_MS } from "../../../src/media/record/room_recorder.ts";
import { BROWSER_PACKETS } from "../rtp/browser_packets.ts";
import { decodeErrors, probe } from "../../support/ffmpeg.ts";
import { encodeSound, encodeVideo } from "./encoded_media.ts";
import { MemoryDisk } from "./memory_disk.ts";
import { packetize, type SenderOptions } from "./packetizers.ts";
import { filesOf, RecorderFixture } from "./recorder_fixture.ts";

/** Of all codecs together. */
const PACKETS = 100_000;
const CODEC_NAMES = Object.keys(CODECS) as CodecName[]; // They are its keys.
/** A turn of the event loop for what was recorded meanwhile. */
const PACKETS_A_TURN = 500;

/** Numbers that are the same in every run (mulberry32). */
function createRandom(seed: number): (end: number) => number {
  let state = seed;
  return (end) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ state >>> 15, state | 1);
    mixed ^= mixed + Math.imul(mixed ^ mixed >>> 7, mixed | 61);
    return ((mixed ^ mixed >>> 14) >>> 0) % end;
  };
}

/** A packet with a few bytes changed, taken out or put in; sometimes it stays as it is. */
function mutate(bytes: Uint8Array, random: (end: number) => number): Uint8Array {
  let mutant = bytes.slice();
  for (let count = random(4); count > 0; count--) {
    // The header is changed as often as all that follows it.
    const at = random(2) === 0 ? random(Math.min(16, mutant.length)) : random(mutant.length);
    switch (random(4)) {
      case 0:
        mutant[at] = random(256);
        break;
      case 1:
        mutant[at] = (mutant[at] ?? 0) ^ 1 << random(8);
        break;
      case 2:
        mutant = mutant.slice(0, Math.max(1, at));
        break;
      default:
        mutant = Uint8Array.of(...mutant.subarray(0, at), random(256), ...mutant.subarray(at));
    }
  }
  return mutant;
}

/** What is mutated: streams of each codec, and packets of a browser. */
async function seedsOf(codec: CodecName): Promise<Uint8Array[]> {
  const frames = codec === "opus"
    ? await encodeSound({ seconds: 1 })
    : await encodeVideo({ codec, seconds: 1 });
  const stream = packetize(frames, { codec, ssrc: 1 }).map(({ bytes }) => bytes);
  return [...stream, ...Object.values(BROWSER_PACKETS)];
}

for (const [seed, codec] of CODEC_NAMES.entries()) {
  Deno.test(`RoomRecorder bears mutated packets of ${codec}, and records what is whole after them`, async () => {
    const disk = new MemoryDisk();
    await using fixture = new RecorderFixture({
      disk,
      bounds: { maxBytes: 1e9, maxMs: 1e9, container: seed % 2 === 0 ? "webm" : "mp4" },
    });
    const random = createRandom(seed + 1);
    const source = codec === "opus" ? "microphone" : "camera";
    const lane = fixture.begin("alice", source, codec, 3);
    const beside = fixture.begin("alice", codec === "opus" ? "camera" : "microphone", "opus");
    const seeds = await seedsOf(codec);
    const packet = new RtpPacket();

    let read = 0;
    for (let count = 0; count < PACKETS / CODEC_NAMES.length; count++) {
      const bytes = mutate(seeds[count % seeds.length]!, random);
      if (packet.read(bytes)) {
        read++;
        fixture.recorder.packet(random(50) === 0 ? beside : lane, packet);
      }
      if (random(20) === 0) {
        const [ssrc, rtpTimestamp] = [random(3), random(2 ** 32)];
        fixture.recorder.senderReport(lane, { ssrc, rtpTimestamp, ntpMs: random(2 ** 32) * 1e4 });
      }
      if (random(10) === 0) fixture.clock.advance(random(TICK_MS));
      if (count % PACKETS_A_TURN === 0) await fixture.recorder.ready();
    }
    assert.ok(read > PACKETS / CODEC_NAMES.length / 2, `${read} could be read`);
    assert.equal(fixture.recorder.view.state, "recording");
    fixture.recorder.end(lane);
    fixture.recorder.end(beside);

    const sender: SenderOptions = { codec, ssrc: 7 };
    const healthy = fixture.begin("bob", source, codec);
    const frames = codec === "opus" ? await encodeSound({}) : await encodeVideo({ codec });
    fixture.feed(fixture.sent(healthy, packetize(frames, sender)));
    const view = await fixture.recorder.stop("asked");

    assert.deepEqual([view.state, view.reason], ["ended", "asked"]);
    assert.equal(disk.open.size, 0);
    const index = JSON.parse(new TextDecoder().decode(disk.files.get("index.json")));
    const name = filesOf(index).find(({ name }) => name.includes("bob"))!.name;
    const path = await Deno.makeTempFile();
    await Deno.writeFile(path, disk.files.get(name)!.slice());
    assert.equal(await decodeErrors(path), "");
    assert.equal((await probe(path)).streams[0]!.packets, frames.length);
    await Deno.remove(path);
  });
}
