/** The real media process, with the permissions that it gets: it keeps the contract, and it ends. */
import assert from "node:assert/strict";
import { silentLogger, systemClock } from "../../../src/base/mod.ts";
import { permissionsOf, spawnMedia } from "../../../src/media/host/spawn_media.ts";
import { MediaHost } from "../../../src/media/host.ts";
import { MediaError } from "../../../src/media/port.ts";
import { mediaPlaneContract, PlaneRoom } from "../../contracts/media_plane.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { HostFixture } from "../../support/media_host_fixture.ts";
import { bindUdpPort, freeUdpPort } from "../../support/ports.ts";

mediaPlaneContract("MediaHost over the addon", () => HostFixture.real());

/** A host of which nothing is asked but to start. */
function hostOn(port: number, logged: string[] = []): MediaHost {
  const note = (message: string, fields: Record<string, unknown> = {}) =>
    logged.push([message, ...Object.values(fields)].join(" "));
  return new MediaHost({
    processes: [{ port, bindAddress: "127.0.0.1", candidates: [] }],
    spawn: (start) => spawnMedia([start]),
    clock: systemClock,
    log: { debug() {}, info() {}, warn: note, error: note },
  });
}

Deno.test("a media process says that its port is taken, and starts when it is free", async () => {
  const port = await freeUdpPort();
  const giveBack = await bindUdpPort(port);
  const logged: string[] = [];
  const host = hostOn(port, logged);

  await assert.rejects(
    host.prepare(),
    (error) =>
      error instanceof MediaError && error.code === "unavailable" &&
      error.message === `Cannot use UDP port ${port} of 127.0.0.1: another program has it`,
  );
  assert.equal(host.isAvailable, false);
  assert.match(logged.join(), /^media process cannot start \d+ Cannot use UDP port \d+ of 127/);
  await host.close();
  await giveBack();

  const other = hostOn(port);
  await other.prepare();
  assert.equal(other.isAvailable, true);
  await other.close();
});

Deno.test("a media process gives its port to the one that takes its place", async () => {
  const host = hostOn(await freeUdpPort());
  const room = new PlaneRoom(host);
  room.join("ann", "bob");
  await room.publish("ann");

  Deno.kill(host.pids[0]!, "SIGKILL");
  await room.until("restarted");
  await room.publish("ann");

  assert.equal((await host.stats()).restarts, 1);
  await host.close();
});

for (
  const [what, end] of [
    ["its input ends", (child: Deno.ChildProcess) => child.stdin.close()],
    ["it is told to stop", (child: Deno.ChildProcess) => child.kill("SIGTERM")],
  ] as const
) {
  Deno.test(`a media process ends with 0 when ${what}`, async () => {
    const port = await freeUdpPort();
    const child = spawnMedia([{ port, bindAddress: "127.0.0.1", candidates: [] }]);
    const writer = child.stdin.getWriter();
    const body = { port, bindAddress: "127.0.0.1", candidates: [] };
    const start = { is: "request", id: 1, name: "start", body };
    await writer.write(new TextEncoder().encode(`${JSON.stringify(start)}\n`));
    writer.releaseLock();
    const reader = child.stdout.getReader();
    assert.match(new TextDecoder().decode((await reader.read()).value), /"is":"answer","id":1/);

    await end(child);
    const { code } = await child.status;

    assert.equal(code, 0);
    await Promise.all([reader.cancel(), child.stderr.cancel()]);
    if (what !== "its input ends") await child.stdin.abort();
  });
}

Deno.test("permissionsOf grants the network no more than the port, and no writing without a folder", () => {
  const start = { port: 50_000, candidates: [] };

  assert.deepEqual(permissionsOf([start]).slice(2), ["--allow-net=0.0.0.0:50000"]);
  assert.deepEqual(permissionsOf([{ ...start, bindAddress: "::1" }]).slice(2), [
    "--allow-net=[::1]:50000",
  ]);
  assert.deepEqual(
    permissionsOf([{ ...start, relayedPort: 50_001, recordingsFolder: "/tmp/r" }]).slice(2),
    ["--allow-net", "--allow-write=/tmp/r"],
  );
  const either = [start, { ...start, port: 50_001 }].map((one) => ({
    ...one,
    recordingsFolder: "/tmp/r",
  }));
  assert.deepEqual(permissionsOf(either).slice(2), [
    ...["--allow-net=0.0.0.0:50000,0.0.0.0:50001", "--allow-write=/tmp/r"],
  ]);
});

Deno.test("a media process that waited takes either port, and is back within a moment", async () => {
  const ports = [await freeUdpPort(), await freeUdpPort()];
  const processes = ports.map((port) => ({ port, bindAddress: "127.0.0.1", candidates: [] }));
  const clock = new FakeClock();
  const host = new MediaHost({
    processes,
    spawn: (start) => spawnMedia([start]),
    spawnSpare: () => spawnMedia(processes),
    clock,
    log: silentLogger,
  });
  const rooms = ["one", "two"].map((name) => new PlaneRoom(host, name));
  for (const room of rooms) {
    room.join(...Array.from({ length: 8 }, (_, n) => `user-${n}`), "ann", "bob");
    await room.publish("ann");
    clock.advance(3_000);
  }
  const [first, second] = host.pids;
  assert.ok(host.sparePid !== undefined && second !== undefined && first !== second);
  const spare = host.sparePid;

  Deno.kill(second, "SIGKILL");
  await rooms[1]!.until("restarted");
  await rooms[1]!.publish("ann");

  assert.deepEqual(host.pids, [first, spare]);
  await host.close();
});
