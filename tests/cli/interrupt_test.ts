/** A Ctrl-C that arrives twice, in a process of its own. */
import assert from "node:assert/strict";

/** Waits for the signal, says so, and then for a line before it ends. */
const PROGRAM = `
  import { interruptSignal } from ${JSON.stringify(import.meta.resolve("../../cli/interrupt.ts"))};
  let now = 0;
  const signal = interruptSignal({ elapsed: () => now });
  signal.addEventListener("abort", () => console.log("told to stop"));
  console.log("ready");
  for await (const line of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
    if (line === "later") now += 501;
    if (line === "end") Deno.exit(7);
    console.log(line);
  }
`;

async function withProgram(
  run: (
    child: Deno.ChildProcess,
    say: (text: string) => Promise<void>,
    hear: () => Promise<string>,
  ) => Promise<void>,
): Promise<number> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--ext=ts", PROGRAM],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const input = child.stdin.getWriter();
  const output = child.stdout.getReader();
  const hear = async () => new TextDecoder().decode((await output.read()).value).trim();
  await run(child, (text) => input.write(new TextEncoder().encode(text)), hear);
  const { code } = await child.status;
  await Promise.all([input.close().catch(() => {}), output.cancel()]); // The reader may be gone.
  return code;
}

Deno.test("interruptSignal aborts at the first signal, and takes its echo for the same", async () => {
  const code = await withProgram(async (child, say, hear) => {
    assert.equal(await hear(), "ready");
    child.kill("SIGINT");
    assert.equal(await hear(), "told to stop");
    child.kill("SIGINT");
    await say("still here");
    assert.equal(await hear(), "still here");
    await say("end");
  });

  assert.equal(code, 7);
});

Deno.test("interruptSignal ends the process at a second signal of another moment", async () => {
  const code = await withProgram(async (child, say, hear) => {
    assert.equal(await hear(), "ready");
    child.kill("SIGTERM");
    assert.equal(await hear(), "told to stop");
    await say("later");
    assert.equal(await hear(), "later");
    child.kill("SIGINT");
  });

  assert.equal(code, 130);
});
