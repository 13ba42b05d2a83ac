/** A certificate and its key, and what becomes of a renewed one. */
import assert from "node:assert/strict";
import { silentLogger } from "../../src/base/mod.ts";
import { checkTlsPair, type TlsPair, watchTlsPair } from "../../src/listener/mod.ts";
import { makeTlsPair } from "../support/certificate.ts";
import { FakeClock } from "../support/fake_clock.ts";

const [old, fresh] = await Promise.all([makeTlsPair(), makeTlsPair()]);

/** A watch over files that the test rewrites; `look` lets it read once. */
function watch() {
  const clock = new FakeClock();
  const renewed: TlsPair[] = [];
  const files: { pair: TlsPair | undefined } = { pair: old };
  let isRefusing = false;
  const cancel = watchTlsPair(old, {
    clock,
    log: { ...silentLogger, warn: () => isRefusing = true },
    read: () => files.pair ? Promise.resolve(files.pair) : Promise.reject(new Error("no file")),
    onRenewed: (pair) => renewed.push(pair),
  });
  const look = async () => {
    isRefusing = false;
    clock.advance(2_000);
    for (let turn = 0; turn < 5; turn++) await Promise.resolve(); // The reading is made of promises.
    return isRefusing;
  };
  return { clock, files, renewed, look, cancel };
}

Deno.test("checkTlsPair takes a pair and says what is wrong with another", () => {
  checkTlsPair(old);

  assert.throws(() => checkTlsPair({ cert: old.cert, key: fresh.key }), /not that of the/);
  assert.throws(() => checkTlsPair({ cert: "nonsense", key: old.key }));
  assert.throws(() => checkTlsPair({ cert: old.cert, key: "nonsense" }));
});

Deno.test("watchTlsPair hands on a renewed pair once", async () => {
  const { files, renewed, look, cancel } = watch();

  await look();
  files.pair = fresh;
  await look();
  await look();

  assert.deepEqual(renewed, [fresh]);
  cancel();
});

Deno.test("watchTlsPair waits for both files, and for files that are gone for a moment", async () => {
  const { files, renewed, look, cancel } = watch();

  files.pair = { cert: fresh.cert, key: old.key };
  assert.equal(await look(), true);
  assert.equal(await look(), false, "it complains once about the same files");
  files.pair = undefined;
  assert.equal(await look(), true);
  assert.deepEqual(renewed, []);
  files.pair = fresh;
  await look();

  assert.deepEqual(renewed, [fresh]);
  cancel();
});

Deno.test("watchTlsPair does nothing once it is cancelled", async () => {
  const { clock, files, renewed, look, cancel } = watch();
  files.pair = fresh;

  cancel();
  await look();

  assert.deepEqual([renewed, clock.pending], [[], 0]);
});
