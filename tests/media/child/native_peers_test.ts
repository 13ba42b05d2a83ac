/** Transports from participant to participant, in a process of their own. */
import assert from "node:assert/strict";

const PROGRAM = new URL("../../support/peers_lab_program.ts", import.meta.url).pathname;

Deno.test("NativePeers connects two that learn of each other's ways one by one, and packets go both ways", async () => {
  const { types, hasEnd, first } = await play("connect");

  // Who is heard of by a check before its candidate has come is known as reflexive.
  for (const [own, theirs] of types) {
    assert.equal(own, "host");
    assert.match(theirs, /^(?:host|prflx)$/);
  }
  assert.equal(types.length, 2);
  assert.equal(hasEnd, true);
  assert.match(first, /^candidate:\S+ 1 udp \d+ \S+ \d+ typ host$/i);
});

Deno.test("NativePeers tells nothing of an end of its own, and takes nothing after it", async () => {
  const { told, sent, types } = await play("close");

  assert.deepEqual(told.filter((word: string) => word.startsWith("closed")), []);
  assert.equal(sent, false);
  assert.equal(types, null);
});

Deno.test("NativePeers refuses what the addon would end the process over, and passes odd ways over", async () => {
  assert.deepEqual(await play("refuse"), [
    ...["bad-description", "bad-description", "bad-description", "bad-description"],
  ]);
});

// deno-lint-ignore no-explicit-any -- what a program of the tests has printed
async function play(scene: string): Promise<any> {
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", PROGRAM, scene],
    ...{ stdin: "null", stdout: "piped", stderr: "inherit" },
  }).output();
  assert.ok(success, scene);
  return JSON.parse(new TextDecoder().decode(stdout));
}
