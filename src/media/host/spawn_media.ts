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

/**
 * Starts the program, to work in one of these ways. Throws where the runtime may not be started.
 */
export function spawnMedia(
  starts: readonly StartOptions[],
  { entry = ENTRY, hidden = [] }: SpawnOptions = {},
): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", ...permissionsOf(starts), entry],
    env: { NO_COLOR: "1", ...Object.fromEntries(hidden.map((name) => [name, ""])) },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** What a process may do that is to work in one of these ways. */
export function permissionsOf(starts: readonly StartOptions[]): string[] {
  const isRelayed = starts.some(({ relayedPort }) => relayedPort !== undefined);
  const folders = new Set(starts.flatMap(({ recordingsFolder: folder }) => folder ?? []));
  return [
    "--allow-ffi", // The engine, and with it everything: what follows keeps our own code honest.
    "--allow-read", // The engine looks for itself in several places, some of them the system's.
    // The engine's own sockets are not asked about; ours is the trial of the port.
    isRelayed ? "--allow-net" : `--allow-net=${starts.map(placeOf)}`,
    ...(folders.size === 0 ? [] : [`--allow-write=${[...folders]}`]),
  ];
}

function placeOf({ port, bindAddress = "0.0.0.0" }: StartOptions): string {
  return `${bindAddress.includes(":") ? `[${bindAddress}]` : bindAddress}:${port}`;
}
