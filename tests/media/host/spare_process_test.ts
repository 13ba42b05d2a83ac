/** One program in reserve. */
import assert from "node:assert/strict";
import { silentLogger } from "../../../src/base/mod.ts";
import { spawnMedia } from "../../../src/media/host/spawn_media.ts";
import { SpareProcess } from "../../../src/media/host/spare_process.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { FAKE_ENTRY } from "../../support/media_host_fixture.ts";
import { waitUntil } from "../../support/wait_until.ts";

/** A spare of the fake media process. */
function makeSpare() {
  const clock = new FakeClock();
  const spawned: Deno.ChildProcess[] = [];
  const warned: unknown[] = [];
  const faults: Error[] = [];
  const spare = new SpareProcess({
    spawn: () => {
      const fault = faults.shift();
      if (fault !== undefined) throw fault;
      const child = spawnMedia([{ port: 1_000, candidates: [] }], { entry: FAKE_ENTRY });
      spawned.push(child);
      return child;
    },
    clock,
    log: { ...silentLogger, warn: (_, fields) => warned.push(fields?.pid) },
  });
  return { clock, spawned, warned, faults, spare };
}

Deno.test("SpareProcess starts one program some seconds after it is asked to, and hands it over once", async () => {
  const { clock, spawned, spare } = makeSpare();
  spare.prepareSoon();
  spare.prepareSoon();
  assert.deepEqual([spawned.length, spare.pid, spare.take()], [0, undefined, undefined]);

  clock.advance(3_000);
  spare.prepareSoon();
  clock.advance(3_000);

  const [child] = spawned;
  assert.deepEqual([spawned.length, spare.pid], [1, child?.pid]);
  assert.equal(spare.take(), child);
  assert.equal(spare.take(), undefined);
  await spare.close();
  await end(child!);
});

Deno.test("SpareProcess.close ends the program, and none comes after it", async () => {
  const { clock, spawned, spare } = makeSpare();
  spare.prepareSoon();
  clock.advance(3_000);

  await spare.close();
  await spare.close();
  spare.prepareSoon();
  clock.advance(3_000);

  // It may be told before it listens to signals, which ends it too.
  const { code, signal } = await spawned[0]!.status;
  assert.ok(code === 0 || signal === "SIGTERM", `${code} ${signal}`);
  assert.deepEqual([spawned.length, spare.pid], [1, undefined]);
});

Deno.test("SpareProcess.close before the program is started starts none", async () => {
  const { clock, spawned, spare } = makeSpare();
  spare.prepareSoon();

  await spare.close();
  clock.advance(3_000);

  assert.deepEqual([spawned, clock.pending], [[], 0]);
});

Deno.test("SpareProcess forgets a program that dies, says so, and starts another when asked", async () => {
  const { clock, spawned, warned, spare } = makeSpare();
  spare.prepareSoon();
  clock.advance(3_000);

  spawned[0]!.kill("SIGKILL");
  await waitUntil(() => warned.length === 0 ? "it was not noticed" : undefined);

  assert.deepEqual([warned, spare.take()], [[spawned[0]!.pid], undefined]);
  clock.advance(60_000);
  assert.equal(spawned.length, 1);
  spare.prepareSoon();
  clock.advance(3_000);
  assert.equal(spawned.length, 2);
  await spare.close();
});

Deno.test("SpareProcess goes without where no program may be started", async () => {
  const { clock, faults, spawned, spare } = makeSpare();
  faults.push(new Deno.errors.NotCapable("Requires run access"));
  spare.prepareSoon();
  clock.advance(3_000);
  assert.equal(spare.take(), undefined);

  spare.prepareSoon();
  clock.advance(3_000);

  assert.equal(spawned.length, 1);
  await spare.close();
});

async function end(child: Deno.ChildProcess): Promise<void> {
  await child.stdin.close();
  await Promise.all([child.status, child.stdout.cancel(), child.stderr.cancel()]);
}
