/** A program of this folder in a process of its own, whose lines are read one by one. */

const STOP_MS = 5_000;

/** What runs. */
export type Program = AsyncDisposable & {
  /** The next line; rejects when the program has ended before it. */
  line(): Promise<string>;
};

/** Starts `file` with `args`; `permissions` are beside those that each of them needs. */
export function startProgram(
  file: string,
  args: readonly string[],
  permissions: readonly string[] = [],
): Program {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--allow-net=127.0.0.1",
      "--allow-read",
      "--allow-ffi",
      "--allow-sys",
      "--allow-env",
      ...permissions,
      new URL(file, import.meta.url).pathname,
      ...args,
    ],
    stdout: "piped",
    stderr: "inherit",
    stdin: "null",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  return {
    async line(): Promise<string> {
      for (;;) {
        const end = text.indexOf("\n");
        if (end >= 0) {
          const line = text.slice(0, end);
          text = text.slice(end + 1);
          return line;
        }
        const { value, done } = await reader.read();
        if (done) throw new Error(`${file} ended`);
        text += value;
      }
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await reader.cancel();
      kill(child, "SIGTERM"); // The addon does not let a process end by itself.
      const timer = setTimeout(() => kill(child, "SIGKILL"), STOP_MS);
      await child.status;
      clearTimeout(timer);
    },
  };
}

function kill(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch {
    // It has ended already.
  }
}
