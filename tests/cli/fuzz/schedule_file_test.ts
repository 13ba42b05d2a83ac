/** Schedules as files: what was written is read again, anything else is refused in a line. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { UsageError } from "../../../cli/arguments.ts";
import { readSchedule, writeSchedule } from "../../../cli/fuzz/schedule_file.ts";
import { stepIn } from "../../../cli/model/generate.ts";
import { lineOf } from "../../../cli/model/steps.ts";

async function withFile(text: string, use: (path: string) => void): Promise<void> {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(path, text);
    use(path);
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("a schedule is read as it was written, every step of it", async () => {
  const steps = fc.sample(stepIn({ users: 6, rooms: 3 }), { seed: 1, numRuns: 500 });

  await withFile(writeSchedule({ users: 6, rooms: 3, steps }), (path) => {
    const read = readSchedule(path);
    // What is undefined is not written.
    assert.deepEqual(read, JSON.parse(JSON.stringify({ users: 6, rooms: 3, steps })));
    for (const step of read.steps) assert.match(lineOf(step, 3), /^[a-z]+:? ./);
  });
});

for (
  const [what, text] of [
    ["no JSON", "{"],
    ["null", "null"],
    ["no steps", '{"users":2,"rooms":1}'],
    ["no numbers", '{"users":"2","rooms":1,"steps":[]}'],
    ["an unknown step", '{"users":2,"rooms":1,"steps":[{"do":"dance","user":0}]}'],
    ["an unknown user", '{"users":2,"rooms":1,"steps":[{"do":"stall","user":2}]}'],
    ["a bad step within", '{"users":2,"rooms":1,"steps":[{"do":"together","steps":[1]}]}'],
  ] as const
) {
  Deno.test(`readSchedule refuses ${what}`, async () => {
    await withFile(text, (path) => assert.throws(() => readSchedule(path), UsageError));
  });
}
