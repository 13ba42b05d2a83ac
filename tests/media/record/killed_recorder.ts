/**
 * A process that records until it is killed: `deno run -A killed_recorder.ts FOLDER`. Says `written`
 * when there is something to be read, and then waits for its end.
 */
import { print } from "../../../src/base/mod.ts";
import { parseUserId, type TrackSource } from "../../../src/protocol/mod.ts";
import type { CodecName } from "../../../src/media/rtp/codecs.ts";
import { RtpPacket } from "../../../src/media/rtp/packet.ts";
import { waitUntil } from "../../support/wait_until.ts";
import { encodeSound, encodeVideo } from "./encoded_media.ts";
import { packetize } from "./packetizers.ts";
import { TICK_MS } from "../../../src/media/record/room_recorder.ts";
import { RecorderFixture } from "./recorder_fixture.ts";

const SECONDS = 4;
const folder = Deno.args[0]!; // The test gives it.
const fixture = new RecorderFixture({ folder });
const sounds = await encodeSound({ seconds: SECONDS });
const sent: { lane: ReturnType<typeof begin>; bytes: Uint8Array; atMs: number }[] = [];
for (const [userId, codec] of [["alice", "VP8"], ["bob", "H264"]] as const) {
  const pictures = await encodeVideo({ codec, seconds: SECONDS });
  const senders = [{ codec, ssrc: 1 }, { codec: "opus", ssrc: 2 }] as const;
  const lanes = [begin(userId, "camera", codec), begin(userId, "microphone", "opus")] as const;
  for (const [n, lane] of lanes.entries()) {
    fixture.report(lane, senders[n]!);
    sent.push(...fixture.sent(lane, packetize(n === 0 ? pictures : sounds, senders[n]!)));
  }
}

const packet = new RtpPacket();
sent.sort((one, other) => one.atMs - other.atMs);
for (const { lane, bytes, atMs } of sent) {
  const waitMs = atMs - fixture.clock.elapsed();
  if (waitMs > 0) fixture.clock.advance(waitMs);
  packet.read(bytes);
  fixture.recorder.packet(lane, packet);
}
// The clock goes on, as it would, until nothing new comes to the disk.
let before = 0;
let unchanged = 0;
await waitUntil(() => {
  fixture.clock.advance(TICK_MS);
  const files = [...Deno.readDirSync(`${folder}/rec`)].filter(({ name }) => name !== "index.json");
  const bytes = files.reduce((sum, { name }) => sum + Deno.statSync(fixture.path(name)).size, 0);
  unchanged = bytes > 0 && bytes === before ? unchanged + 1 : 0;
  before = bytes;
  return unchanged > 20 ? undefined : `${bytes} bytes`;
});
await waitUntil(async () => {
  const files = [...Deno.readDirSync(`${folder}/rec`)].filter(({ name }) => name !== "index.json");
  const index = await fixture.index().catch(() => undefined);
  return files.length === 2 && index?.participants.length === 2 ? undefined : "no index";
});
print("written");
await Deno.stdin.read(new Uint8Array(1));

function begin(userId: string, source: TrackSource, codec: CodecName) {
  const trackId = `${userId}-${source}`;
  const lane = fixture.recorder.begin({
    userId: parseUserId(userId)!, // They are ids.
    track: { trackId, source },
    codec,
    requestKeyFrame: () => {},
  });
  return lane!; // There are but four.
}
