/**
 * The command line as a process of its own, with exactly the permissions of its tasks. The tests of
 * `cli/commands` run it.
 */
import { taskArguments, type TaskName } from "./start_task.ts";

/** What a command said, and how it ended. */
export type CliResult = { readonly code: number; readonly out: string; readonly err: string };

/** How to run a command. */
export type CliOptions = {
  /** Text for its standard input. Default: none. */
  readonly input?: string;
  /** When to send SIGINT: once one of the streams matches. Default: never. */
  readonly interruptAt?: RegExp;
  /** More environment variables. Default: none. */
  readonly environment?: Readonly<Record<string, string>>;
};

/** Runs `deno task <command> ...args` to its end. */
export async function runCli(
  command: TaskName,
  args: readonly string[],
  options: CliOptions = {},
): Promise<CliResult> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [...taskArguments(command), ...args],
    cwd: new URL("../../", import.meta.url),
    env: { NO_COLOR: "1", ...options.environment },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(options.input ?? ""));
  await writer.close();
  let isInterrupted = false;
  const watch = (text: string) => {
    if (isInterrupted || options.interruptAt?.test(text) !== true) return;
    isInterrupted = true;
    child.kill("SIGINT");
  };
  const [out, err, { code }] = await Promise.all([
    readAll(child.stdout, watch),
    readAll(child.stderr, watch),
    child.status,
  ]);
  return { code, out, err };
}

async function readAll(
  stream: ReadableStream<Uint8Array>,
  onText: (text: string) => void = () => {},
): Promise<string> {
  let text = "";
  for await (const part of stream.pipeThrough(new TextDecoderStream())) {
    text += part;
    onText(text);
  }
  return text;
}
