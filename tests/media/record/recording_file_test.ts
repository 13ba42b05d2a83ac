/** Files that can be played wherever they end. */
import assert from "node:assert/strict";
import {
  type Container,
  containerFor,
  type FileVideo,
  MAX_WAITING_BYTES,
  RecordingFile,
} from "../../../src/media/record/recording_file.ts";
import { decodeErrors, ffmpeg, probe } from "../../support/ffmpeg.ts";
import { waitUntil } from "../../support/wait_until.ts";
import { type EncodedFrame, encodeSound, encodeVideo } from "./encoded_media.ts";
import { MemoryDisk } from "./memory_disk.ts";

const VP9: FileVideo = {
  codec: "VP9",
  picture: { width: 160, height: 120, codecString: "vp09.00.10.08" },
  rotation: 0,
};
/** Six seconds, a key frame each. */
const pictures = await encodeVideo({ codec: "VP9", seconds: 6 });
const sounds = await encodeSound({ seconds: 6 });

function makeFile(container: Container = "webm", disk = new MemoryDisk()) {
  const failures: unknown[] = [];
  const file = new RecordingFile({
    disk,
    name: "a",
    container,
    hasSound: true,
    video: VP9,
    onFailed: (error) => failures.push(error),
    onSpoiled: (error) => assert.fail(String(error)),
  });
  const write = (from = 0, to = Infinity) => {
    const isWithin = ({ atMs }: EncodedFrame) => atMs >= from && atMs < to;
    for (const [index, { data, atMs }] of pictures.entries()) {
      const isKeyFrame = index % 25 === 0;
      if (isWithin(pictures[index]!)) {
        file.writeVideo({ data, isKeyFrame, atMs, durationMs: 40 });
      }
    }
    for (const { data, atMs } of sounds.filter(isWithin)) {
      file.writeSound({ data, isKeyFrame: true, atMs, durationMs: 20 });
    }
  };
  return { disk, file, failures, write };
}

/** What stands in the file, on a real disk for as long as `use` takes. */
async function withContent<T>(
  disk: MemoryDisk,
  use: (path: string) => Promise<T>,
  bytes = Infinity,
): Promise<T> {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeFile(path, disk.files.get("a")!.slice(0, bytes));
    return await use(path);
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("containerFor takes the wish where players take it", () => {
  const table = [
    ["webm", "VP8", "webm"],
    ["webm", "VP9", "webm"],
    ["webm", "AV1", "webm"],
    ["webm", "H264", "mp4"],
    ["webm", undefined, "webm"],
    ["mp4", "VP8", "webm"],
    ["mp4", "VP9", "mp4"],
    ["mp4", "AV1", "mp4"],
    ["mp4", "H264", "mp4"],
    ["mp4", undefined, "mp4"],
  ] as const;
  for (const [wish, codec, container] of table) {
    assert.equal(containerFor(wish, codec), container, `${wish} ${codec}`);
  }
});

for (const container of ["webm", "mp4"] as const) {
  Deno.test(`RecordingFile completes a file of ${container} that can be sought in`, async () => {
    const { disk, file, failures, write } = makeFile(container);

    write();
    await file.close();

    assert.deepEqual(failures, []);
    assert.equal(disk.open.size, 0);
    assert.equal(file.bytes, disk.files.get("a")!.length);
    assert.equal(file.durationMs, 6_000);
    await withContent(disk, async (path) => {
      const { duration, format } = await probe(path);
      assert.ok(Math.abs(duration - 6) < 0.05, `${duration} s`);
      assert.match(format, container === "mp4" ? /mp4/ : /webm/);
      const sought = await ffmpeg([
        ...["-ss", "4.5", "-i", path, "-map", "0:v", "-frames:v", "1"],
        ...["-vf", "showinfo", "-f", "null", "-"],
      ]);
      assert.match(sought, / n:\s*0 /);
    });
  });

  Deno.test(`RecordingFile of ${container} can be played wherever it is cut`, async () => {
    const { disk, file, write } = makeFile(container);
    write(0, 5_500);
    // The muxer holds back what comes after the last key frame, or nothing.
    const least = container === "mp4" ? 4 : 5;
    await waitUntil(() => {
      file.flush();
      return file.bytes > 20_000 && disk.files.get("a")!.length > 20_000
        ? undefined
        : `${disk.files.get("a")!.length} bytes`;
    });
    const { length } = disk.files.get("a")!;

    await withContent(disk, async (path) => {
      const { streams } = await probe(path);
      assert.ok(streams.every(({ times }) => times.at(-1)! > least - 0.1));
    });
    for (const part of [0.37, 0.61, 0.83]) {
      await withContent(disk, async (path) => {
        const { streams } = await probe(path);
        for (const { packets } of streams) assert.ok(packets > 40, `${packets} of ${part}`);
        const pictures = await ffmpeg(["-i", path, "-map", "0:v", "-f", "null", "-"]);
        assert.match(pictures, /frame=\s*[4-9]\d/);
      }, Math.floor(length * part));
    }
    await file.close();
  });
}

Deno.test("RecordingFile tells once that the disk is full, and takes no more", async () => {
  const disk = new MemoryDisk();
  disk.capacity = 20_000;
  const { file, failures, write } = makeFile("webm", disk);

  write(0, 5_000);
  await waitUntil(() => {
    file.flush();
    return failures.length > 0 ? undefined : "no failure";
  });
  write(5_000);
  await file.close();
  await file.close();

  assert.equal(failures.length, 1);
  assert.match(String(failures[0]), /No space left/);
  assert.equal(disk.open.size, 0);
});

Deno.test("RecordingFile tells that it could not be completed", async () => {
  const disk = new MemoryDisk();
  const { file, failures, write } = makeFile("mp4", disk);
  disk.capacity = 100;

  write();
  await file.close();

  assert.equal(failures.length, 1);
  assert.equal(disk.open.size, 0);
});

Deno.test("RecordingFile tells that it could not be made", async () => {
  const disk = new MemoryDisk();
  disk.files.set("a", new Uint8Array(0));
  const { file, failures, write } = makeFile("webm", disk);

  write();
  await file.close();

  assert.ok(failures[0] instanceof Deno.errors.AlreadyExists);
  assert.equal(failures.length, 1);
});

Deno.test("RecordingFile says that a disk falls behind", async () => {
  const { disk, file, failures } = makeFile();
  const { promise, resolve } = Promise.withResolvers<void>();
  disk.gate = promise;
  const data = new Uint8Array(1024 * 1024);
  for (let index = 0; index < 4; index++) {
    file.writeVideo({ data, isKeyFrame: index === 0, atMs: index, durationMs: 1 });
  }
  assert.equal(file.isBehind, false);

  for (let index = 4; index <= MAX_WAITING_BYTES / data.length; index++) {
    file.writeVideo({ data, isKeyFrame: false, atMs: index, durationMs: 1 });
  }
  assert.ok(file.isBehind);
  resolve();
  await file.close();

  assert.equal(file.isBehind, false);
  assert.deepEqual(failures, []);
});

Deno.test("RecordingFile holds pictures in the size and codec that it was told", async () => {
  for (const codec of ["VP8", "AV1", "H264"] as const) {
    const disk = new MemoryDisk();
    const frames = await encodeVideo({ codec, seconds: 1 });
    const names = { VP8: "vp8", AV1: "av01.0.00M.08", H264: "avc1.42c00a" };
    const file = new RecordingFile({
      disk,
      name: "a",
      container: containerFor("webm", codec),
      hasSound: false,
      video: {
        codec,
        picture: { width: 160, height: 120, codecString: names[codec] },
        rotation: 0,
      },
      onFailed: (error) => assert.fail(String(error)),
      onSpoiled: (error) => assert.fail(String(error)),
    });

    for (const [index, { data, atMs }] of frames.entries()) {
      file.writeVideo({ data, isKeyFrame: index === 0, atMs, durationMs: 40 });
    }
    await file.close();

    await withContent(disk, async (path) => {
      assert.equal(await decodeErrors(path), "");
      const { streams } = await probe(path);
      const [{ width, height, packets }] = streams as [typeof streams[0]];
      assert.deepEqual([width, height, packets], [160, 120, 25]);
    });
  }
});

Deno.test("RecordingFile tells once of frames that are not what they seemed", async () => {
  const disk = new MemoryDisk();
  const spoiled: unknown[] = [];
  const file = new RecordingFile({
    disk,
    name: "a",
    container: "mp4",
    hasSound: false,
    video: { ...VP9, codec: "H264", picture: { ...VP9.picture, codecString: "avc1.42c00a" } },
    onFailed: (error) => assert.fail(String(error)),
    onSpoiled: (error) => spoiled.push(error),
  });
  const frame = { data: new Uint8Array(20), isKeyFrame: true, atMs: 0, durationMs: 40 };

  file.writeVideo(frame);
  file.writeVideo({ ...frame, atMs: 40 });
  await waitUntil(() => spoiled.length === 0 ? "nothing is told" : undefined);
  file.writeVideo({ ...frame, atMs: 80 });
  await file.close();

  assert.equal(spoiled.length, 1);
  assert.match(String(spoiled[0]), /AVCDecoderConfigurationRecord/);
  assert.equal(disk.open.size, 0);
});

Deno.test("RecordingFile closes without a frame", async () => {
  for (const container of ["webm", "mp4"] as const) {
    const { disk, file, failures } = makeFile(container);

    await file.close();

    assert.deepEqual(failures, []);
    assert.equal(disk.open.size, 0);
  }
});
