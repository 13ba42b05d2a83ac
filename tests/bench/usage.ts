/**
 * CPU time and resident memory of a process and its descendants, read from `/proc` at the borders
 * of a phase. Deno lets a program read `/proc` only with all permissions.
 */
const TICKS_A_SECOND = 100;

/** Nanoseconds on a CPU by process or thread id; two readings are subtracted with `cpuUsBetween`. */
export type CpuReading = ReadonlyMap<string, number>;

/** Reads the CPU time that the threads of `pid` and its descendants have used so far. */
export function readCpu(pid: number): CpuReading {
  return readThreads(descendants(pid));
}

/** The same for this process alone, without the servers that it spawned. */
export function readOwnCpu(): CpuReading {
  return readThreads([Deno.pid]);
}

/** Microseconds of CPU between two readings; a thread born in between counts from zero. */
export function cpuUsBetween(before: CpuReading, after: CpuReading): number {
  let nanoseconds = 0;
  for (const [thread, now] of after) nanoseconds += now - (before.get(thread) ?? 0);
  return nanoseconds / 1_000;
}

/** Resident kilobytes of `pid` and its descendants. */
export function readRssKb(pid: number): number {
  let kilobytes = 0;
  for (const process of descendants(pid)) {
    const line = /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${process}/status`) ?? "");
    kilobytes += Number(line?.[1] ?? 0);
  }
  return kilobytes;
}

function readThreads(processes: readonly number[]): CpuReading {
  const reading = new Map<string, number>();
  for (const process of processes) {
    for (const thread of entries(`/proc/${process}/task`)) {
      const nanoseconds = threadNs(`/proc/${process}/task/${thread}`);
      if (nanoseconds !== undefined) reading.set(thread, nanoseconds);
    }
  }
  return reading;
}

/** `schedstat` counts nanoseconds; a kernel built without it leaves the ticks of `stat`. */
function threadNs(path: string): number | undefined {
  const exact = read(`${path}/schedstat`);
  if (exact !== undefined) return Number(exact.split(" ")[0]);
  const fields = read(`${path}/stat`)?.split(") ")[1]?.split(" ");
  if (fields === undefined) return undefined;
  return (Number(fields[11]) + Number(fields[12])) * (1e9 / TICKS_A_SECOND);
}

function descendants(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of entries("/proc")) {
    const process = Number(name);
    if (!Number.isInteger(process)) continue;
    const parent = Number(read(`/proc/${process}/stat`)?.split(") ")[1]?.split(" ")[1]);
    children.set(parent, [...children.get(parent) ?? [], process]);
  }
  const found = [pid];
  for (const process of found) found.push(...children.get(process) ?? []);
  return found;
}

function entries(path: string): string[] {
  try {
    return [...Deno.readDirSync(path)].map((entry) => entry.name);
  } catch {
    return []; // The process ended since it was listed.
  }
}

function read(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return undefined; // The process ended since it was listed, or the kernel keeps no such file.
  }
}
