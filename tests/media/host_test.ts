/**
 * The host keeps the contract over processes, and keeps its rooms through everything that can happen
 * to one: it crashes, hangs, is killed, talks nonsense, cannot start.
 */
import assert from "node:assert/strict";
import { RETRY_AFTER_MS } from "../../src/media/host/process_slot.ts";
import type { MediaHost } from "../../src/media/host.ts";
import { MediaError } from "../../src/media/port.ts";
import type { UserId } from "../../src/protocol/mod.ts";
import { mediaPlaneContract, PlaneRoom } from "../contracts/media_plane.ts";
import { PORTS } from "../support/fake_media_child.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { FAKE_ENTRY, HostFixture } from "../support/media_host_fixture.ts";
import { waitUntil } from "../support/wait_until.ts";

mediaPlaneContract("MediaHost over a process in memory", () => new HostFixture().host);

const id = (text: string) => text as UserId; // A good user id.

/** A room in which Ann publishes and Bob has answered. */
async function meeting(host: MediaHost, roomId = "test"): Promise<PlaneRoom> {
  const room = new PlaneRoom(host, roomId);
  room.join("ann", "bob");
  await room.publish("ann");
  await room.until("offer bob 1 a0=ann/microphone v0=ann/camera");
  await room.answer("bob");
  return room;
}

/** Everything works as it did in the beginning. */
async function worksAgain(room: PlaneRoom): Promise<void> {
  await room.publish("ann");
  await room.until("offer bob 1 a0=ann/microphone v0=ann/camera");
}

async function isUnavailable(asked: Promise<unknown>, expected = /./): Promise<void> {
  await assert.rejects(asked, (error) => {
    assert.ok(error instanceof MediaError);
    assert.deepEqual([error.code, expected.test(error.message)], ["unavailable", true], `${error}`);
    return true;
  });
}

function isRunning(pid: number): boolean {
  try {
    Deno.kill(pid, "SIGCONT");
    return true;
  } catch {
    return false; // There is no such process.
  }
}

Deno.test("MediaHost starts no process before a room has somebody in it", async () => {
  await using fixture = new HostFixture();
  const { host } = fixture;

  const room = new PlaneRoom(host);
  assert.deepEqual([host.isAvailable, fixture.starts], [true, 0]);
  room.join("ann");
  await room.settled();

  assert.deepEqual([fixture.starts, host.pids.length], [1, 1]);
  assert.match(await fixture.untilLogged(/started/), /^info media process started \d+ 1000$/);
});

Deno.test("MediaHost keeps what is asked while the process starts, in order", async () => {
  await using fixture = new HostFixture({ ports: [PORTS.isSlow] });
  const room = new PlaneRoom(fixture.host);
  room.join("ann", "bob", "cat");
  room.media.removeParticipant(id("cat"));

  const [first, second] = await Promise.all([
    room.publish("ann"),
    room.publish("ann", { tracks: [{ mid: "0", source: "microphone" }] }),
  ]);

  assert.deepEqual(second, [first[0]]);
  await isGone(room, "cat");
});

async function isGone(room: PlaneRoom, user: string): Promise<void> {
  await assert.rejects(
    room.publish(user),
    (error) => error instanceof MediaError && error.code === "no-such-participant",
  );
}

for (
  const [trouble, reason] of [
    ["crash", /it has ended \(exit code 3\); terminate called: a fault of ours$/],
    // It is killed, unless it sees first that nobody listens any more, and ends by itself.
    ["garbage", /none of ours \((SIGKILL|exit code 0)\)/],
    ["flood", /longer than \d+ bytes \((SIGKILL|exit code 0)\)/],
  ] as const
) {
  Deno.test(`MediaHost goes on in another process after a ${trouble}, and says so`, async () => {
    await using fixture = new HostFixture();
    const room = await meeting(fixture.host);

    room.join(trouble);
    await room.until("restarted");
    room.media.removeParticipant(id(trouble));

    assert.match(await fixture.untilLogged(/died/), reason);
    await worksAgain(room);
    assert.equal((await fixture.host.stats()).restarts, 1);
  });
}

Deno.test("MediaHost goes on after kill -9, at once, and rejects what was under way", async () => {
  await using fixture = new HostFixture();
  const room = await meeting(fixture.host);
  const [pid] = fixture.host.pids;
  const other = await meeting(fixture.host, "other");

  Deno.kill(pid!, "SIGSTOP");
  const asked = room.media.stats();
  Deno.kill(pid!, "SIGKILL");

  await isUnavailable(asked);
  await Promise.all([room.until("restarted"), other.until("restarted")]);
  assert.equal(fixture.host.isAvailable, true);
  await Promise.all([worksAgain(room), worksAgain(other)]);
  assert.notEqual(fixture.host.pids[0], pid);
});

Deno.test("MediaHost has a spare soon after a start, which takes the place of what dies", async () => {
  const clock = new FakeClock();
  await using fixture = new HostFixture({ clock, spareEntry: FAKE_ENTRY });
  const { host } = fixture;
  const room = await meeting(host);
  assert.equal(host.sparePid, undefined);
  clock.advance(3_000);
  const spare = host.sparePid!;

  Deno.kill(host.pids[0]!, "SIGKILL");
  await room.until("restarted");
  await worksAgain(room);

  assert.deepEqual([host.pids, host.sparePid, fixture.starts], [[spare], undefined, 1]);
  clock.advance(3_000);
  assert.ok(host.sparePid! > 0 && host.sparePid !== spare);
  await host.close();
  assert.deepEqual([isRunning(spare), host.sparePid], [false, undefined]);
});

for (
  const [what, spareEntry] of [
    ["that is dead by then", FAKE_ENTRY],
    ["that cannot begin", "file:///nowhere/main.ts"],
  ] as const
) {
  Deno.test(`MediaHost starts another process instead of a spare ${what}`, async () => {
    const clock = new FakeClock();
    await using fixture = new HostFixture({ clock, spareEntry });
    const { host } = fixture;
    const room = await meeting(host);
    clock.advance(3_000);

    for (const pid of [host.sparePid!, host.pids[0]!]) Deno.kill(pid, "SIGKILL");
    await room.until("restarted");
    await worksAgain(room);

    assert.deepEqual([fixture.starts, host.isAvailable], [2, true]);
    assert.equal((await host.stats()).restarts, 1);
  });
}

Deno.test("MediaHost starts another process instead of a spare that says nothing", async () => {
  const clock = new FakeClock();
  await using fixture = new HostFixture({ clock, spareEntry: FAKE_ENTRY });
  const { host } = fixture;
  const room = await meeting(host);
  clock.advance(3_000);
  const spare = host.sparePid!;
  Deno.kill(spare, "SIGSTOP");

  Deno.kill(host.pids[0]!, "SIGKILL");
  await room.until("restarted");
  await waitUntil(() => {
    clock.advance(500);
    return host.pids.includes(spare) ? "the spare is waited for" : undefined;
  });
  await worksAgain(room);

  assert.equal(fixture.starts, 2);
  clock.advance(1_000); // It is killed, for it does not stop.
  await host.close();
  assert.equal(isRunning(spare), false);
});

Deno.test("MediaHost kills a process that says nothing for ten seconds", async () => {
  const clock = new FakeClock();
  await using fixture = new HostFixture({ clock });
  const room = await meeting(fixture.host);

  room.join("hang");
  const startedAt = clock.elapsed();
  await waitUntil(() => {
    clock.advance(1_000);
    return room.told.includes("restarted") ? undefined : "it has not died";
  });
  room.media.removeParticipant(id("hang"));

  assert.match(await fixture.untilLogged(/died/), /it is silent \(SIGKILL\)/);
  assert.ok(clock.elapsed() - startedAt >= 8_000, `${clock.elapsed() - startedAt} ms`);
  await waitUntil(async () => {
    clock.advance(100);
    return await room.publish("ann").then(() => undefined, (error) => `${error}`);
  });
});

Deno.test("MediaHost leaves a process alone that answers its pings", async () => {
  const clock = new FakeClock();
  await using fixture = new HostFixture({ clock });
  const room = await meeting(fixture.host);

  for (let n = 0; n < 20; n++) {
    clock.advance(2_000);
    await room.settled();
  }

  assert.equal(fixture.starts, 1);
});

Deno.test("MediaHost writes what the process has to log, and survives a fault of a room", async () => {
  await using fixture = new HostFixture();
  const room = await meeting(fixture.host);

  room.join("fault");

  await fixture.untilLogged(/^error told by the process fault$/);
  await fixture.untilLogged(/^error notice failed addParticipant TypeError: a fault/);
  await room.publish("ann", { as: "another" });
  assert.equal(fixture.starts, 1);
});

for (
  const [what, options, reason] of [
    ["the process refuses", { ports: [PORTS.refuses] }, /Cannot use UDP port 1: taken/],
    ["the process ends at once", { ports: [PORTS.exits] }, /exit code 7/],
    [
      "there is no such program",
      { entry: "file:///nowhere/main.ts" },
      /exit code 1\).*Module not found/,
    ],
  ] as const
) {
  Deno.test(`MediaHost is not available where ${what}, and says why`, async () => {
    await using fixture = new HostFixture(options);
    const { host } = fixture;
    const room = new PlaneRoom(host);
    room.join("ann");

    await isUnavailable(room.publish("ann"), reason);

    await room.until("restarted");
    assert.equal(host.isAvailable, false);
    assert.match(await fixture.untilLogged(/cannot start/), reason);
    assert.match(await fixture.untilLogged(/cannot start/), /^error media process cannot start/);
    await isUnavailable(room.publish("ann"));
    await isUnavailable(host.prepare());
    assert.equal(fixture.starts, 1);
  });
}

Deno.test("MediaHost is not available where no program may be run, and tries again later", async () => {
  const clock = new FakeClock();
  await using fixture = new HostFixture({ clock });
  fixture.mayRun = false;
  const { host } = fixture;
  const room = new PlaneRoom(host);

  room.join("ann");
  assert.deepEqual([room.told, host.isAvailable], [[], true]);
  clock.endTurn();
  assert.deepEqual([room.told, host.isAvailable], [["restarted"], false]);
  await fixture.untilLogged(/cannot start .*Requires run access/);
  await isUnavailable(room.publish("ann"));
  fixture.mayRun = true;
  clock.advance(RETRY_AFTER_MS);

  assert.equal(host.isAvailable, true);
  await room.publish("ann");
  assert.equal(fixture.starts, 2);
});

Deno.test("MediaHost gives up a process that dies again and again, after pauses that grow", async () => {
  const clock = new FakeClock();
  await using fixture = new HostFixture({ clock });
  const { host } = fixture;
  const room = new PlaneRoom(host);

  room.join("ann", "crash");
  let pauses = 0;
  await waitUntil(() => {
    if (clock.pending === 1 && host.pids.length === 0) pauses++;
    clock.advance(250);
    return host.isAvailable ? "it is still tried" : undefined;
  });

  assert.match(await fixture.untilLogged(/again and again/), /^error media process cannot start/);
  assert.equal(fixture.starts, 6);
  assert.equal(room.told.filter((line) => line === "restarted").length, 6);
  assert.ok(pauses >= 10, `${pauses} steps of pauses`);
});

Deno.test("MediaHost starts another process when the least busy one has eight participants", async () => {
  await using fixture = new HostFixture({ ports: [1_001, 1_002] });
  const { host } = fixture;
  const users = (room: number, count: number) =>
    Array.from({ length: count }, (_, n) => `user-${room}-${n}`);
  const rooms = [1, 2, 3].map((n) => new PlaneRoom(host, `room-${n}`));

  rooms[0]!.join(...users(1, 7));
  rooms[1]!.join(...users(2, 1));
  await Promise.all([rooms[0]!.settled(), rooms[1]!.settled()]);
  assert.equal(fixture.starts, 1);
  rooms[2]!.join(...users(3, 20));
  await rooms[2]!.settled();
  assert.equal(fixture.starts, 2);
  const late = new PlaneRoom(host, "late");
  late.join("ann");
  await late.settled();

  assert.equal(fixture.starts, 2);
  assert.equal((await host.stats()).processes, 2);
});

Deno.test("MediaHost moves rooms to another process when theirs cannot be had any more", async () => {
  await using fixture = new HostFixture({ ports: [1_001, 1_002] });
  const { host } = fixture;
  const full = new PlaneRoom(host, "full");
  full.join(...Array.from({ length: 8 }, (_, n) => `user-${n}`));
  await full.settled();
  const room = await meeting(host, "room");

  fixture.mayRun = false;
  Deno.kill(host.pids[1]!, "SIGKILL");
  await room.until("restarted");
  await fixture.untilLogged(/cannot start 1002 /);
  await room.until("restarted");

  await worksAgain(room);
  assert.deepEqual([host.isAvailable, host.pids.length], [true, 1]);
  assert.deepEqual(await full.settled(), []);
});

Deno.test("MediaHost.close ends its processes, and those that ignore it are killed after a second", async () => {
  for (const port of [1_000, PORTS.ignoresSignals]) {
    const fixture = new HostFixture({ ports: [port] });
    const room = await meeting(fixture.host);
    const [pid] = fixture.host.pids;
    assert.equal(isRunning(pid!), true);

    await fixture.host.close();

    assert.equal(isRunning(pid!), false);
    await isUnavailable(room.publish("ann"));
    assert.ok(!fixture.logged.some((line) => /died/.test(line)), fixture.logged.join());
  }
});

Deno.test("MediaHost.close while a process starts leaves none behind", async () => {
  const fixture = new HostFixture({ ports: [PORTS.isSlow] });
  const room = new PlaneRoom(fixture.host);
  room.join("ann");
  const asked = room.publish("ann");
  const [pid] = fixture.host.pids;

  await Promise.all([fixture.host.close(), isUnavailable(asked)]);

  assert.equal(isRunning(pid!), false);
});

Deno.test("MediaHost records over processes, and hands on what recordings refuse", async () => {
  await using fixture = new HostFixture();
  const { media } = await meeting(fixture.host);
  const options = { maxBytes: 1_000, maxMs: 1_000, container: "webm" } as const;

  const { recordingId, state } = await media.startRecording(options);
  await assert.rejects(
    media.startRecording(options),
    (error) => error instanceof MediaError && error.code === "already-recording",
  );
  const ended = await media.stopRecording();

  assert.deepEqual([state, ended.state, ended.recordingId], ["recording", "ended", recordingId]);
  assert.deepEqual(
    await media.view(id("bob"), {
      sdp: "v=0\r\nm=audio 9 x 0\r\na=mid:0\r\na=ice-ufrag:view\r\na=recvonly\r\n",
    }).then(({ sdp }) => /^v=0/.test(sdp)),
    true,
  );
});

Deno.test("MediaHost waits for a capture of somebody who says nothing, however long", async () => {
  const clock = new FakeClock();
  await using fixture = new HostFixture({ clock });
  const { media } = await meeting(fixture.host);

  const reader = media.capture(id("silent"), { maxBytes: 100, maxMs: 100 }).getReader();
  const read = reader.read();
  await media.stats();
  for (let n = 0; n < 30; n++) {
    clock.advance(1_000);
    await media.stats();
  }
  await reader.cancel();

  assert.deepEqual(await read, { done: true, value: undefined });
  assert.equal(fixture.starts, 1);
});

Deno.test("MediaHost ends a capture with an error when its process dies", async () => {
  await using fixture = new HostFixture();
  const { media } = await meeting(fixture.host);
  const [pid] = fixture.host.pids;

  const reader = media.capture(id("ann"), { maxBytes: 100, maxMs: 100 }).getReader();
  Deno.kill(pid!, "SIGSTOP");
  const read = Array.fromAsync(
    (async function* () {
      for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
    })(),
  );
  Deno.kill(pid!, "SIGKILL");

  await isUnavailable(read);
});
