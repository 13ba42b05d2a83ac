/** The media processes of a server, as the operating system sees them. */

const decoder = new TextDecoder();

/** The process ids of the media processes that the server `pid` has now. */
export function mediaProcessesOf(pid: number): number[] {
  const { stdout } = new Deno.Command("ps", {
    args: ["-o", "pid=,args=", "--ppid", `${pid}`],
    stderr: "null",
  }).outputSync();
  return decoder.decode(stdout).split("\n")
    .filter((line) => line.includes("media/child/main.ts"))
    .map((line) => parseInt(line));
}

/** Resident kilobytes of a process; 0: it is gone. */
export function residentKb(pid: number): number {
  const { stdout } = new Deno.Command("ps", { args: ["-o", "rss=", "-p", `${pid}`] }).outputSync();
  return Number(decoder.decode(stdout).trim() || 0);
}
