/**
 * `deno task test`: every test, in groups one after the other, and one summary of all in the end.
 *
 *     deno task test                  everything
 *     deno task test tests/rooms      the files, folders and patterns that are named
 *     deno task test --filter=RE4     flags are those of `deno test`
 *
 * `DENO_JOBS` says how many files run at once, in place of what the groups say.
 */
import { print } from "../../src/base/mod.ts";
import { readArguments } from "./arguments.ts";
import { testGroups } from "./groups.ts";
import { jobsOf, runGroups, TEST_COMMAND } from "./run_groups.ts";

const REPOSITORY = new URL("../../", import.meta.url);

if (import.meta.main) {
  const { namesFiles, junitPath, others } = await readArguments(Deno.args, exists);
  const cores = navigator.hardwareConcurrency;
  Deno.exit(
    namesFiles
      ? await runNamed(cores)
      : await runGroups(testGroups(cores), { folder: REPOSITORY, args: others, junitPath, print }),
  );
}

/** Runs what is named as one group, which has the terminal for itself; resolves to the exit code. */
async function runNamed(cores: number): Promise<number> {
  const command = new Deno.Command(Deno.execPath(), {
    args: [...TEST_COMMAND, ...Deno.args],
    cwd: REPOSITORY,
    env: jobsOf(cores),
  });
  return (await command.spawn().status).code;
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
