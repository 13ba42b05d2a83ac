/** The sound of the test pattern, as ffmpeg decodes it. */
import assert from "node:assert/strict";
import { SOUND_PACKET_MS, testSound } from "../../../../cli/media/pattern/test_sound.ts";
import {
  BufferTarget,
  EncodedAudioPacketSource,
  EncodedPacket,
  Output,
  WebMOutputFormat,
} from "mediabunny";
import { provide } from "../../../support/debian_package.ts";
import { FFMPEG } from "../../../support/ffmpeg.ts";

const PERIOD = 50;

Deno.test("testSound beeps with every period, and is silent between", async () => {
  const packets = Array.from({ length: 3 * PERIOD }, (_, number) => testSound(number, PERIOD));

  const samples = await decode(packets);

  const loud = Array.from({ length: packets.length - 1 }, (_, packet) => {
    const part = samples.subarray(packet * 960, (packet + 1) * 960);
    return Math.sqrt(part.reduce((sum, sample) => sum + sample ** 2, 0) / 960) > 100;
  });
  for (const beep of [0, PERIOD, 2 * PERIOD]) {
    assert.ok(loud.slice(beep + 1, beep + 9).every(Boolean), `the beep at ${beep}`);
    assert.ok(!loud.slice(beep + 13, beep + 48).some(Boolean), `the silence after ${beep}`);
  }
});

async function decode(packets: readonly Uint8Array[]): Promise<Int16Array> {
  const target = new BufferTarget();
  const output = new Output({ format: new WebMOutputFormat(), target });
  const source = new EncodedAudioPacketSource("opus");
  output.addAudioTrack(source);
  await output.start();
  for (const [index, packet] of packets.entries()) {
    const [at, duration] = [index * SOUND_PACKET_MS / 1_000, SOUND_PACKET_MS / 1_000];
    await source.add(new EncodedPacket(packet, "key", at, duration), {
      decoderConfig: { codec: "opus", sampleRate: 48_000, numberOfChannels: 1 },
    });
  }
  await output.finalize();
  const child = new Deno.Command(await provide(FFMPEG), {
    args: ["-v", "error", "-xerror", "-i", "-", "-ac", "1", "-f", "s16le", "-"],
    ...{ stdin: "piped", stdout: "piped", stderr: "piped" },
  }).spawn();
  const writer = child.stdin.getWriter();
  const writing = writer.write(new Uint8Array(target.buffer!)).then(() => writer.close());
  const { success, stdout, stderr } = await child.output();
  await writing;
  assert.ok(success, new TextDecoder().decode(stderr));
  return new Int16Array(stdout.slice().buffer);
}
