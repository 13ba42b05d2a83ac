/**
 * The estimate and the allocation together, over a modelled path: nobody starves, it settles, and it
 * does not change its mind more often than the pauses between trials allow.
 */
import assert from "node:assert/strict";
import { allocate, type VideoLayer } from "../../../src/media/sfu/allocation.ts";
import { Bandwidth, LONGEST_PAUSE_MS } from "../../../src/media/sfu/bandwidth.ts";
import { ModelledPath, STEP_MS } from "../../support/modelled_path.ts";

const KILOBIT = 1_000;
const FRAME_MS = 40;
const UPDATE_MS = 200;
/** A key frame is as large as so many others. */
const KEY_FRAME = 5;
const VOICE = 40 * KILOBIT;
const HEIGHTS = [180, 360, 720];
const RATES = [150 * KILOBIT, 500 * KILOBIT, 1_700 * KILOBIT];

Deno.test("one publisher over 700 kbit/s: the middle layer, and few disturbances", () => {
  const loop = new Loop(700 * KILOBIT, 1);

  loop.run(300_000);

  assert.equal(loop.levels()[0], 1);
  assert.ok(loop.shareOf(1, 20_000) > 0.9, `${loop.shareOf(1, 20_000)}`);
  // One to begin with, one before anything was known, then after 5, 10, 20, 40, 60, 60, 60 s.
  assert.ok(loop.ups(0).length <= 9, `${loop.ups(0)}`);
  assertPausesGrow(loop);
  assert.ok(loop.completeness(20_000) > 0.95, `${loop.completeness(20_000)}`);
  assert.ok(loop.longestStandstillMs(20_000) <= 1_000, `${loop.longestStandstillMs(20_000)}`);
});

Deno.test("one publisher over 3 Mbit/s: the highest layer within 10 s, and it stays", () => {
  const loop = new Loop(3_000 * KILOBIT, 1);

  loop.run(10_000);
  assert.deepEqual(loop.levels(), [2]);

  loop.run(290_000);
  assert.equal(loop.shareOf(2, 10_000), 1);
  assert.ok(loop.longestStandstillMs(10_000) <= 2 * FRAME_MS);
});

Deno.test("one publisher over 300 kbit/s: the lowest layer all the time", () => {
  const loop = new Loop(300 * KILOBIT, 1);

  loop.run(300_000);

  assert.deepEqual(loop.levels(), [0]);
  assert.ok(loop.shareOf(0, 20_000) > 0.9, `${loop.shareOf(0, 20_000)}`);
  assert.ok(loop.completeness(20_000) > 0.95, `${loop.completeness(20_000)}`);
  assertPausesGrow(loop);
});

Deno.test("a path that changes: 700 kbit/s, then 3 Mbit/s, then 300 kbit/s", () => {
  const loop = new Loop(700 * KILOBIT, 1);
  loop.run(120_000);
  assert.deepEqual(loop.levels(), [1]);

  loop.path.capacity = 3_000 * KILOBIT;
  loop.run(LONGEST_PAUSE_MS + 10_000);
  assert.deepEqual(loop.levels(), [2]);
  loop.run(50_000);
  assert.deepEqual(loop.levels(), [2]);

  loop.path.capacity = 300 * KILOBIT;
  loop.run(6_000);
  assert.deepEqual(loop.levels(), [0]);
  const from = loop.atMs;
  loop.run(120_000);
  assert.ok(loop.shareOf(0, from) > 0.85, `${loop.shareOf(0, from)}`);
  assert.ok(loop.longestStandstillMs(from) <= 2_500, `${loop.longestStandstillMs(from)}`);
});

Deno.test("six publishers over 4 Mbit/s: all of them, evenly, and most of the path is used", () => {
  const loop = new Loop(4_000 * KILOBIT, 6);

  loop.run(180_000);

  assert.ok(Math.min(...loop.levels()) >= 1, `${loop.levels()}`);
  assert.ok(loop.sentShare(60_000) > 0.75, `${loop.sentShare(60_000)}`);
  assert.ok(loop.completeness(60_000) > 0.93, `${loop.completeness(60_000)}`);
  assertPausesGrow(loop);
});

Deno.test("six publishers over 700 kbit/s: as many as it bears, and these keep moving", () => {
  const loop = new Loop(700 * KILOBIT, 6);

  loop.run(180_000);

  const moving = loop.levels().filter((level) => level === 0).length;
  assert.ok(moving >= 1 && moving <= 3, `${loop.levels()}`);
  assert.ok(loop.completeness(20_000) > 0.9, `${loop.completeness(20_000)}`);
});

Deno.test("six publishers over 20 Mbit/s: everything within 20 s", () => {
  const loop = new Loop(20_000 * KILOBIT, 6);

  loop.run(20_000);

  assert.deepEqual(loop.levels(), [2, 2, 2, 2, 2, 2]);
});

Deno.test("a path that breaks off for three seconds: the picture is back 10 s after", () => {
  const loop = new Loop(3_000 * KILOBIT, 1);
  loop.run(60_000);
  loop.path.capacity = 1 * KILOBIT;
  loop.run(3_000);
  loop.path.capacity = 3_000 * KILOBIT;
  loop.run(10_000);

  assert.ok(loop.levels()[0]! >= 0, `${loop.levels()}`);
  loop.run(30_000);
  assert.deepEqual(loop.levels(), [2]);
});

/** After each failure the next trial comes no sooner than the pause, which doubles up to 60 s. */
function assertPausesGrow(loop: Loop): void {
  let pauseMs = 5_000;
  let fellAtMs: number | undefined;
  for (const { atMs, from, to } of loop.switches) {
    // Steps down that follow at once are of the same failure.
    if (to < from) fellAtMs ??= atMs;
    if (to < from || fellAtMs === undefined) continue;
    assert.ok(atMs - fellAtMs >= pauseMs, `${fellAtMs} ${atMs} ${JSON.stringify(loop.switches)}`);
    pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
    fellAtMs = undefined;
  }
}

/** Publishers of three layers, one subscriber, and the path between. */
class Loop {
  readonly path: ModelledPath;
  readonly switches: { atMs: number; video: number; from: number; to: number }[] = [];
  atMs = 0;
  readonly #bandwidth = new Bandwidth();
  readonly #levels: number[];
  readonly #needsKeyFrame: boolean[];
  /** By frame number: when it was sent; and whether it arrived whole. */
  readonly #frames: { atMs: number; video: number; isWhole: boolean; wholeAtMs: number }[] = [];
  readonly #levelTimes: { atMs: number; levels: number[] }[] = [];
  readonly #sent: { atMs: number; bytes: number }[] = [];
  #sentLately = 0;
  #sentFrom = 0;

  constructor(capacity: number, videos: number) {
    this.#levels = Array.from({ length: videos }, () => -1);
    this.#needsKeyFrame = this.#levels.map(() => true);
    this.path = new ModelledPath(capacity, {
      estimated: (bitrate) => {
        this.#bandwidth.receiverEstimate(bitrate, this.atMs);
        this.#update();
      },
      missed: (packets) => {
        this.#bandwidth.nacked(packets, this.atMs);
        this.#update();
      },
      reported: ({ lost, expected, roundTripMs }) => {
        if (expected > 0) this.#bandwidth.loss(lost / expected, expected);
        this.#bandwidth.roundTrip(roundTripMs, this.atMs);
        this.#update();
      },
      completed: (frame) => {
        const one = this.#frames[frame]!;
        one.isWhole = true;
        one.wholeAtMs = this.atMs;
      },
    });
  }

  run(ms: number): void {
    for (const end = this.atMs + ms; this.atMs < end;) {
      if (this.atMs % UPDATE_MS === 0) this.#update();
      if (this.atMs % FRAME_MS === 0) this.#sendFrames();
      this.path.step();
      this.atMs += STEP_MS;
    }
  }

  levels(): number[] {
    return [...this.#levels];
  }

  ups(from: number): number[] {
    return this.switches.filter(({ atMs, from: one, to }) => atMs >= from && to > one)
      .map(({ atMs }) => atMs);
  }

  /** Which part of the time since `from` every video was at `level`. */
  shareOf(level: number, from: number): number {
    const times = this.#levelTimes.filter(({ atMs }) => atMs >= from);
    return times.filter(({ levels }) => levels.every((one) => one === level)).length / times.length;
  }

  /** Which part of the frames since `from` arrived whole; of the last second it is not known. */
  completeness(from: number): number {
    const frames = this.#frames.filter(({ atMs, video }) =>
      video >= 0 && atMs >= from && atMs < this.atMs - 1_000
    );
    return frames.filter(({ isWhole }) => isWhole).length / frames.length;
  }

  longestStandstillMs(from: number): number {
    let longest = 0;
    let last = from;
    for (const { video, isWhole, wholeAtMs } of this.#frames) {
      if (video < 0 || !isWhole || wholeAtMs < from) continue;
      longest = Math.max(longest, wholeAtMs - last);
      last = wholeAtMs;
    }
    return longest;
  }

  /** Which part of the path was used since `from`. */
  sentShare(from: number): number {
    const bytes = this.#sent.filter(({ atMs }) => atMs >= from)
      .reduce((sum, one) => sum + one.bytes, 0);
    return bytes * 8_000 / (this.atMs - from) / this.path.capacity;
  }

  #update(): void {
    while (this.#sent[this.#sentFrom] !== undefined) {
      const { atMs, bytes } = this.#sent[this.#sentFrom]!;
      if (atMs > this.atMs - 1_000) break;
      this.#sentLately -= bytes;
      this.#sentFrom++;
    }
    const sent = this.#sentLately * 8;
    const before = this.#allocate();
    this.#bandwidth.update({
      atMs: this.atMs,
      sent,
      allocated: before.bitrate,
      next: before.next,
    });
    const after = this.#allocate();
    for (const [video, from] of this.#levels.entries()) {
      const to = after.layers.get(`${video}`) ?? -1;
      if (to === from) continue;
      this.switches.push({ atMs: this.atMs, video, from, to });
      this.#levels[video] = to;
      this.#needsKeyFrame[video] = true;
    }
    this.#levelTimes.push({ atMs: this.atMs, levels: this.levels() });
  }

  #allocate() {
    return allocate({
      estimate: this.#bandwidth.estimate,
      voices: this.#levels.length,
      videos: this.#levels.map((level, video) => ({
        trackId: `${video}`,
        layers: this.#layers(video),
        isPaused: false,
        priority: "other",
        current: level < 0 ? undefined : level,
      })),
    });
  }

  /** Rates waver by 8 % around what the layer is set to, each publisher's in its own time. */
  #layers(video: number): VideoLayer[] {
    const wave = 1 + 0.08 * Math.sin(this.atMs / 1_700 + video * 2);
    return RATES.map((rate, index) => ({
      index,
      height: HEIGHTS[index]!,
      bitrate: Math.round(rate * wave),
    }));
  }

  #sendFrames(): void {
    for (const [video, level] of this.#levels.entries()) {
      this.#send(VOICE * FRAME_MS / 8_000, undefined);
      if (level < 0) continue;
      const bytes = this.#layers(video)[level]!.bitrate * FRAME_MS / 8_000;
      const isKey = this.#needsKeyFrame[video]!;
      this.#needsKeyFrame[video] = false;
      this.#send(isKey ? bytes * KEY_FRAME : bytes, video);
    }
  }

  #send(bytes: number, video: number | undefined): void {
    const frame = this.#frames.length;
    this.#frames.push({ atMs: this.atMs, video: video ?? -1, isWhole: false, wholeAtMs: Infinity });
    this.path.send(frame, Math.ceil(bytes));
    this.#sent.push({ atMs: this.atMs, bytes });
    this.#sentLately += bytes;
  }
}
