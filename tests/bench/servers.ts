/**
 * The servers under test: how each is had, started and spoken to. Every run of a workload gets a
 * process of its own.
 */
import { join } from "node:path";
import type { Dialect } from "./client.ts";
import { bunPackage, bunPath, installed, ROOT } from "./packages.ts";

const WS_VERSION = "8.23.0";
const SOCKETIO_VERSION = "4.8.4";
const BUN_VERSION = "1.4.5";
/** Unmasks natively; `ws` recommends it, and socket.io stands on `ws`. */
const BUFFERUTIL = "bufferutil@4.1.0";
const PEERS = join(ROOT, "tests", "bench", "peers");
const START_MS = 20_000;
const STOP_MS = 5_000;

/** What `--servers` selects by. */
export const FAMILIES = ["ws", "socketio", "bun", "signalbox"] as const;
/** One of {@linkcode FAMILIES}. */
export type Family = typeof FAMILIES[number];

/** One column of the report. */
export type Server = {
  readonly family: Family;
  readonly title: string;
  readonly dialect: Dialect;
  readonly echoesChat: boolean;
  /** Whether the ratios of the report are against this one. */
  readonly isBaseline: boolean;
  /** The command line; rejects when what it needs cannot be had. */
  command(): Promise<readonly string[]>;
};

/** A server that listens. */
export type RunningServer = {
  readonly pid: number;
  readonly port: number;
  /** Stops it, by force if it does not stop when asked. */
  stop(): Promise<void>;
};

/** All of them, in the order of the report. */
export const SERVERS: readonly Server[] = [
  {
    family: "ws",
    title: `ws ${WS_VERSION}`,
    dialect: { kind: "json", path: "/" },
    echoesChat: false,
    isBaseline: true,
    command: async () => [
      "node",
      join(PEERS, "ws_server.mjs"),
      await installed([`ws@${WS_VERSION}`, BUFFERUTIL]),
    ],
  },
  {
    family: "socketio",
    title: `socket.io ${SOCKETIO_VERSION}`,
    dialect: { kind: "socketio", path: "/socket.io/?EIO=4&transport=websocket" },
    echoesChat: false,
    isBaseline: false,
    command: async () => [
      "node",
      join(PEERS, "socketio_server.mjs"),
      await installed([`socket.io@${SOCKETIO_VERSION}`, BUFFERUTIL]),
    ],
  },
  {
    family: "bun",
    title: `Bun ${BUN_VERSION}`,
    dialect: { kind: "json", path: "/" },
    echoesChat: false,
    isBaseline: false,
    command: async () => {
      const pinned = bunPackage(BUN_VERSION);
      return [bunPath(await installed([pinned]), pinned), "run", join(PEERS, "bun_server.ts")];
    },
  },
  {
    family: "signalbox",
    title: "Signalbox, plain client",
    dialect: { kind: "welcome", path: "/ws" },
    echoesChat: true,
    isBaseline: false,
    command: signalbox,
  },
  {
    family: "signalbox",
    title: "Signalbox, signalbox.v1",
    dialect: { kind: "welcome", path: "/ws", subprotocol: "signalbox.v1" },
    echoesChat: true,
    isBaseline: false,
    command: signalbox,
  },
];

/** Starts `server` and waits until it says where it listens. */
export async function start(server: Server): Promise<RunningServer> {
  const [program, ...args] = await server.command();
  const child = new Deno.Command(program!, {
    args,
    cwd: ROOT,
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
    env: { NODE_ENV: "production" },
  }).spawn();
  const stop = () => stopChild(child);
  try {
    return { pid: child.pid, port: await listeningPort(child, server.title), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The limits of a public server would refuse the load: they are out of the way here. */
function signalbox(): Promise<readonly string[]> {
  return Promise.resolve([
    Deno.execPath(),
    ...["run", "--no-prompt", "--allow-net", "--allow-read", "--allow-env", "--allow-sys"],
    join(ROOT, "server.ts"),
    ...["--port", "0", "--log-level", "error"],
    ...["--max-participants", "1000", "--max-rooms", "10000", "--max-connections", "10000"],
    ...["--message-rate", "1000000", "--message-burst", "1000000"],
    ...["--room-message-rate", "1000000"],
  ]);
}

async function listeningPort(child: Deno.ChildProcess, title: string): Promise<number> {
  const timer = setTimeout(() => child.kill("SIGKILL"), START_MS);
  let output = "";
  try {
    const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      output += chunk.value;
      const port = /http:\/\/127\.0\.0\.1:(\d+)/.exec(output)?.[1];
      if (port === undefined) continue;
      void discard(reader);
      return Number(port);
    }
  } finally {
    clearTimeout(timer);
  }
  throw new Error(`Cannot start ${title}: it ended without listening`);
}

/** A server must never wait for somebody to read what it prints. */
async function discard(reader: ReadableStreamDefaultReader<string>): Promise<void> {
  while (!(await reader.read()).done);
}

async function stopChild(child: Deno.ChildProcess): Promise<void> {
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
  try {
    child.kill("SIGTERM");
  } catch {
    // It has ended already, which is what was asked for.
  }
  await child.status;
  clearTimeout(timer);
}
