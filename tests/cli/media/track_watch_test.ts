/** One publication at one receiver: what is right is passed over, each thing that is wrong is found. */
import assert from "node:assert/strict";
import { GRACE_MS, REPAIR_MS } from "../../../cli/media/track_watch.ts";
import { SentMedia, WatchBench } from "../../support/sent_media.ts";

function watched(source: "camera" | "microphone" = "camera", ms = 1_000): WatchBench {
  const bench = new WatchBench(source);
  bench.watch.want(0);
  bench.pass(ms);
  return bench;
}

Deno.test("TrackWatch takes sound and picture as they were sent, and times them", () => {
  for (const source of ["microphone", "camera"] as const) {
    const bench = watched(source);

    assert.deepEqual(bench.complaints, []);
    assert.equal(bench.watch.isLive, true);
    assert.equal(bench.delays.length, bench.watch.packets);
    assert.ok(bench.watch.packets > 15, `${bench.watch.packets} packets`);
  }
});

Deno.test("TrackWatch has a first picture when all of its packets are there", () => {
  const bench = new WatchBench("camera");
  const [first, second, ...rest] = bench.media.pass(100);
  bench.watch.want(bench.media.clock.elapsed());

  bench.hand(first!);
  assert.equal(bench.watch.isLive, false);
  rest.forEach((packet) => bench.hand(packet));
  assert.equal(bench.watch.isLive, false);
  bench.hand(second!, { isRepeated: true });

  assert.equal(bench.watch.isLive, true);
  assert.deepEqual(bench.pictures, [0]);
  assert.deepEqual(bench.complaints, []);
});

Deno.test("TrackWatch counts what comes before it is wanted, and waits for no other beginning", () => {
  const bench = new WatchBench("camera");
  bench.pass(500);

  bench.watch.want(bench.media.clock.elapsed());
  bench.pass(500);

  assert.equal(bench.watch.isLive, true);
  assert.deepEqual(bench.complaints, []);
});

Deno.test("[SB1] TrackWatch takes what is repeated in time, and finds what is not", () => {
  const bench = watched();
  const [lost, ...others] = bench.media.pass(300);
  others.forEach((packet) => bench.hand(packet));
  bench.hand(lost!, { isRepeated: true });
  bench.pass(REPAIR_MS + 500);
  bench.tick();
  assert.deepEqual(bench.complaints, []);
  assert.equal(bench.watch.repaired, 1);

  bench.media.pass(300);
  bench.pass(REPAIR_MS + 100);
  bench.tick();

  assert.deepEqual(bench.faults, ["lost"]);
  assert.ok(bench.watch.lost > 0);
});

Deno.test("TrackWatch gives up what is missing only after the tester has had time to look", () => {
  const bench = watched();
  bench.media.pass(100);
  bench.pass(100);

  // The tester gets no turn for a long while: what came meanwhile is read behind the timers.
  bench.media.clock.advance(10 * REPAIR_MS);
  bench.media.time.look();
  bench.tick();

  assert.deepEqual(bench.complaints, []);
});

Deno.test("TrackWatch counts sound that is lost, and leaves it to the receiver how much is too much", () => {
  const bench = watched("microphone");
  bench.media.pass(100);
  bench.pass(REPAIR_MS + 100);
  bench.tick();

  assert.equal(bench.watch.lost, 5);
  assert.deepEqual(bench.complaints, []);
});

Deno.test("[SB1] TrackWatch finds a picture that does not begin with a key frame", () => {
  const bench = new WatchBench("camera");
  bench.media.pass(1_000);
  bench.watch.want(1_000);
  bench.pass(200);

  assert.deepEqual(bench.faults, ["beginning"]);
  assert.match(bench.complaints[0]!, /^SB1: a key frame first; frame \d+, which is none$/);
});

Deno.test("TrackWatch takes a beginning whose first packet the path has lost", () => {
  const bench = new WatchBench("camera");
  bench.watch.want(0);
  bench.media.pass(5).slice(1).forEach((packet) => bench.hand(packet));
  bench.pass(500);

  assert.deepEqual(bench.complaints, []);
});

Deno.test("[SB1] TrackWatch finds packets that are numbered anew without a key frame", () => {
  const bench = watched();

  bench.pass(200, { numberOffset: 1_001 });

  assert.deepEqual(bench.faults, ["order"]);
});

Deno.test("[SB1] TrackWatch finds a pause that nobody asked for", () => {
  const bench = watched();
  bench.media.pass(300);
  bench.media.picture!.wantKeyFrame();

  bench.pass(300, { numberOffset: 995 });

  assert.deepEqual(bench.faults, ["paused"]);
  assert.equal(bench.watch.interruptions, 1);
});

Deno.test("TrackWatch takes other numbers from the very next key frame on, and an older row beside", () => {
  const bench = watched();
  const [late, ...rest] = bench.media.pass(300);
  rest.forEach((packet) => bench.hand(packet));
  bench.media.picture!.wantKeyFrame();

  bench.pass(300, { timestampOffset: 84 });
  bench.hand(late!, { isRepeated: true });

  assert.deepEqual(bench.complaints, []);
  assert.equal(bench.watch.interruptions, 0);
});

Deno.test("TrackWatch expects pauses of pictures where the path may be too narrow for all", () => {
  const bench = new WatchBench("camera", { mayPause: true });
  bench.watch.want(0);
  bench.pass(1_000);
  bench.media.pass(300);
  bench.media.picture!.wantKeyFrame();

  bench.pass(300, { numberOffset: 995 });

  assert.deepEqual(bench.complaints, []);
  assert.equal(bench.watch.interruptions, 1);
});

Deno.test("TrackWatch does not hold pauses and losses against the server while packets are slow", () => {
  const bench = watched();
  bench.isSlow = true;
  bench.media.pass(300);
  bench.pass(REPAIR_MS + 100);
  bench.tick();

  assert.deepEqual(bench.complaints, []);
  assert.equal(bench.watch.excused, 1);
});

Deno.test("[SB1] TrackWatch finds a packet that comes twice, but for one that is repeated", () => {
  const bench = watched();
  const [packet] = bench.media.pass(100);

  bench.hand(packet!);
  bench.hand(packet!, { isRepeated: true });
  assert.deepEqual(bench.complaints, []);
  bench.hand(packet!);

  assert.deepEqual(bench.faults, ["twice"]);
});

for (
  const [what, handing] of [
    ["timestamp", { timestampOffset: 1 }],
    ["marker", { marker: false }],
    ["picture id", { pictureOffset: 1 }],
  ] as const
) {
  Deno.test(`[SB1] TrackWatch finds a ${what} that is not as it was sent`, () => {
    const bench = watched();

    bench.pass(100, handing);

    assert.deepEqual(bench.faults, ["numbers"]);
    assert.match(bench.complaints[0]!, new RegExp(`^SB1: ${what} `));
  });
}

for (const rule of ["SB2", "SB3", "PB3"]) {
  Deno.test(`[${rule}] TrackWatch finds what is sent after its end, and takes what was on its way`, () => {
    const bench = watched();
    bench.watch.unwant(bench.media.clock.elapsed(), { rule, why: "it was ended" });
    bench.media.pass(GRACE_MS).forEach((packet) => bench.hand(packet));
    assert.deepEqual(bench.complaints, []);

    bench.pass(200);

    assert.deepEqual(bench.faults, ["after"]);
    assert.match(bench.complaints[0]!, new RegExp(`^${rule}: nothing any more; .* it was ended$`));
  });
}

Deno.test("TrackWatch takes a packet that was under way for long when the end came", () => {
  const bench = watched();
  const slow = bench.media.pass(200);
  bench.watch.unwant(bench.media.clock.elapsed(), { rule: "PB3", why: "it had ended" });
  bench.media.pass(5_000);

  slow.forEach((packet) => bench.hand(packet));

  assert.deepEqual(bench.complaints, []);
});

Deno.test("[SB1] TrackWatch finds that the last packets before an end never came", () => {
  const bench = watched();
  bench.media.pass(2_000);
  const at = bench.media.clock.elapsed();

  bench.watch.unwant(at, { rule: "PB3", why: "it had ended" });
  bench.watch.finish(at);

  assert.deepEqual(bench.faults, ["tail"]);
});

Deno.test("TrackWatch does without what was lost just before an end: nobody repeats it any more", () => {
  for (const who of ["receiver", "publisher"] as const) {
    const bench = watched();
    bench.media.pass(200);
    bench.pass(200);
    const at = bench.media.clock.elapsed();
    if (who === "receiver") bench.watch.unwant(at, { rule: "SB3", why: "it was paused" });
    else bench.media.publication.endedAt = at;
    bench.media.pass(2 * REPAIR_MS);
    bench.tick();

    assert.deepEqual(bench.complaints, [], who);
    assert.ok(bench.watch.lost > 0);
  }
});

Deno.test("TrackWatch waits for the last packets before an end as long as they may take to be read", () => {
  const bench = watched();
  const late = bench.media.pass(2_000);

  bench.watch.unwant(bench.media.clock.elapsed(), { rule: "PB3", why: "it had ended" });
  bench.tick();
  late.forEach((packet) => bench.hand(packet));
  bench.media.pass(2_000);
  bench.tick();

  assert.deepEqual(bench.complaints, []);
});

Deno.test("TrackWatch expects a key frame when it is wanted again", () => {
  const bench = watched();
  const end = { rule: "SB3", why: "it was paused" };
  bench.watch.unwant(bench.media.clock.elapsed(), end);
  bench.media.pass(1_000);
  assert.equal(bench.watch.isLive, false);

  bench.watch.want(bench.media.clock.elapsed());
  bench.media.picture!.wantKeyFrame();
  bench.pass(500, { numberOffset: 900 });

  assert.equal(bench.watch.isLive, true);
  assert.deepEqual(bench.complaints, []);
  assert.equal(bench.watch.interruptions, 0);

  bench.watch.unwant(bench.media.clock.elapsed(), end);
  bench.media.pass(1_000);
  bench.watch.want(bench.media.clock.elapsed());
  bench.pass(500, { numberOffset: 800 });

  assert.deepEqual(bench.faults, ["beginning"]);
});

Deno.test("[SB1] TrackWatch says that nothing came, once", () => {
  const bench = new WatchBench("microphone");
  bench.watch.want(0);

  bench.watch.neverCame(10_000.4);
  bench.watch.neverCame(20_000);

  assert.deepEqual(bench.complaints, ["SB1: sound; none in 10000 ms"]);
});

Deno.test("SentMedia sends nothing of what is not published", () => {
  const media = new SentMedia("camera");
  media.track.publication = undefined;

  assert.deepEqual(media.pass(500), []);
});
