/**
 * How the program of a media process is run: by the runtime that runs the server, with no more than it
 * needs. Its streams are the server's to read.
 */
import type { StartOptions } from "../ipc/messages.ts";

const ENTRY = new URL("../child/main.ts", import.meta.url).href;

/** How it is run, beside how it is to work. */
export type SpawnOptions = {
  /** The program. Default: the media process. */
  readonly entry?: string;
  /** Environment variables that are none of its business. Default none. */
  readonly hidden?: readonly string[];
};

/** Starts the program. Throws where the runtime may not be started. */
export function spawnMedia(
  start: StartOptions,
  { entry = ENTRY, hidden = [] }: SpawnOptions = {},
): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", ...permissionsOf(start), entry],
    env: { NO_COLOR: "1", ...Object.fromEntries(hidden.map((name) => [name, ""])) },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** What a process may do. */
export function permissionsOf(start: StartOptions): string[] {
  const { port, bindAddress = "0.0.0.0", relayedPort, recordingsFolder } = start;
  const host = bindAddress.includes(":") ? `[${bindAddress}]` : bindAddress;
  return [
    "--allow-ffi", // The engine, and with it everything: what follows keeps our own code honest.
    "--allow-read", // The engine looks for itself in several places, some of them the system's.
    // The engine's own sockets are not asked about; ours is the trial of the port.
    relayedPort === undefined ? `--allow-net=${host}:${port}` : "--allow-net",
    ...(recordingsFolder === undefined ? [] : [`--allow-write=${recordingsFolder}`]),
  ];
}
