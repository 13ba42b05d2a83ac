/**
 * CPU time and resident memory of a server and its descendants, read from `/proc` at the borders of
 * a phase, and the generator's own.
 *
 * Deno lets a program read `/proc` only with all permissions; a shell that it may run can do so with
 * its own. The shell's CPU time is nobody's here: it runs before and after the phase.
 */
import process from "node:process";

const decoder = new TextDecoder();

/** Nanoseconds on a CPU by thread; two readings are subtracted with `cpuUsBetween`. */
export type CpuReading = ReadonlyMap<string, number>;

/** Reads the CPU time that the threads of `pid` and its descendants have used so far. */
export function readCpu(pid: number): CpuReading {
  const paths = descendants(pid).map((one) => `/proc/${one}/task/*/schedstat`);
  const reading = new Map<string, number>();
  for (const [path, text] of linesOf(`grep -Hs . ${paths.join(" ")}`)) {
    reading.set(path, Number(text.split(" ")[0]));
  }
  if (reading.size === 0) throw new Error("Cannot read the CPU time: is this Linux?");
  return reading;
}

/** Microseconds of CPU between two readings; a thread born in between counts from zero. */
export function cpuUsBetween(before: CpuReading, after: CpuReading): number {
  let nanoseconds = 0;
  for (const [thread, now] of after) nanoseconds += now - (before.get(thread) ?? 0);
  return nanoseconds / 1_000;
}

/** Microseconds of CPU that this process has used so far, without what it spawned. */
export function ownCpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Resident kilobytes of `pid` and its descendants. */
export function readRssKb(pid: number): number {
  const paths = descendants(pid).map((one) => `/proc/${one}/status`);
  let kilobytes = 0;
  for (const [, text] of linesOf(`grep -Hs ^VmRSS: ${paths.join(" ")}`)) {
    kilobytes += Number(/\d+/.exec(text)?.[0] ?? 0);
  }
  return kilobytes;
}

/** `pid`, its children, theirs, and so on: a process names its parent behind the closing bracket. */
function descendants(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const [, text] of linesOf("grep -Hs . /proc/[0-9]*/stat")) {
    const child = parseInt(text);
    const parent = Number(text.slice(text.lastIndexOf(")") + 1).trim().split(" ")[1]);
    children.set(parent, [...children.get(parent) ?? [], child]);
  }
  const found = [pid];
  for (const one of found) found.push(...children.get(one) ?? []);
  return found;
}

/** The lines that a grep finds, each with the path that it stands in. */
function linesOf(grep: string): [path: string, text: string][] {
  // The exit code is no concern: a process may end between its listing and its reading.
  const { stdout } = new Deno.Command("sh", { args: ["-c", grep], stderr: "null" }).outputSync();
  return decoder.decode(stdout).split("\n").filter((line) => line !== "").map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1)];
  });
}
