/**
 * Runs groups of tests one after the other, passes on what they say, and sums up in the end as one
 * `deno test` would.
 */
import type { TestGroup } from "./groups.ts";
import { joinReports } from "./junit.ts";
import { linesOf, type Summary, SummaryReader, sumOf } from "./summary.ts";

/** How to run them. */
export type RunOptions = {
  /** Where the patterns of the groups begin. */
  readonly folder: URL;
  /** More arguments for `deno test`. Default none. */
  readonly args?: readonly string[];
  /** Where a JUnit report of all goes. Default: none is written. */
  readonly junitPath?: string | undefined;
  /** Takes each line, of errors too. */
  readonly print: (line: string) => void;
};

/** What became of a group. */
type Result = { readonly code: number; readonly summary: Summary; readonly report: string };

/**
 * Browser, servers and proxies are programs of the machine: a test may do everything. Types are what
 * `deno task check` is for; each group would check most of the project once more.
 */
export const TEST_COMMAND: readonly string[] = ["test", "-A", "--doc", "--parallel", "--no-check"];

/** Resolves to the exit code: 0 when every group passed. */
export async function runGroups(
  groups: readonly TestGroup[],
  options: RunOptions,
): Promise<number> {
  const { junitPath, print } = options;
  const startedAt = performance.now();
  const results: Result[] = [];
  for (const group of groups) results.push(await runGroup(group, options));
  if (junitPath !== undefined) {
    await Deno.writeTextFile(junitPath, joinReports(results.map(({ report }) => report)));
  }
  const sum = sumOf(results.map(({ summary }) => summary));
  linesOf(sum, performance.now() - startedAt).forEach(print);
  return sum.failed === 0 && results.every(({ code }) => code === 0) ? 0 : 1;
}

/** The environment that has so many files run at once, unless the user has said how many. */
export function jobsOf(count: number): Record<string, string> {
  return Deno.env.has("DENO_JOBS") ? {} : { DENO_JOBS: `${count}` };
}

async function runGroup(group: TestGroup, options: RunOptions): Promise<Result> {
  const { name, files, except, jobs } = group;
  const { folder, args = [], print } = options;
  const report = await Deno.makeTempFile({ suffix: ".xml" });
  const ignored = except.length === 0 ? [] : [`--ignore=${except.join()}`];
  print(`\nTests ${name}`);
  const child = new Deno.Command(Deno.execPath(), {
    args: [...TEST_COMMAND, `--junit-path=${report}`, ...ignored, ...args, ...files],
    cwd: folder,
    env: { NO_COLOR: "1", ...jobsOf(jobs) }, // Colours would hide the closing line.
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const reader = new SummaryReader();
  const [{ code }] = await Promise.all([
    child.status,
    // Whoever looks for a closing line must find that of the run alone.
    eachLine(child.stdout, (line) => print(reader.read(line) ? `${name}: ${line}` : line)),
    eachLine(child.stderr, print),
  ]);
  const result = { code, summary: reader.summaryOf(name), report: await Deno.readTextFile(report) };
  await Deno.remove(report);
  return result;
}

/** Takes the lines of a program's output as they come. */
async function eachLine(
  stream: ReadableStream<Uint8Array>,
  take: (line: string) => void,
): Promise<void> {
  let rest = "";
  for await (const part of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + part).split("\n");
    rest = lines.pop()!;
    lines.forEach(take);
  }
  if (rest !== "") take(rest);
}
