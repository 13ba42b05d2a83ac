/**
 * A server for one simulation: in this process, on a thread of its own and on a free port, with
 * limits that let the run through. `simulate` starts one when it is given no `--url`.
 */
import { createSocket } from "node:dgram";
import { systemClock } from "../src/base/mod.ts";
import type { ReadServer } from "./measure/server_usage.ts";

/** A running server. */
export type LocalServer = {
  /** Its WebSocket. */
  readonly url: string;
  /** What it has spent so far: its thread's CPU time; its memory is that of the whole process. */
  readonly read: ReadServer;
  /** Stops it; resolves when its thread is gone. */
  readonly close: () => Promise<void>;
};

/** What the run needs of it. */
export type LocalServerOptions = {
  readonly users: number;
  readonly rooms: number;
  /** How soon a silent connection is noticed; default: the server's own. */
  readonly heartbeatMs?: number | undefined;
  /** How long lost seats are kept. Default the server's own. */
  readonly resumeGraceMs?: number;
  /** How many a room holds; default: all users of the run. */
  readonly maxParticipants?: number;
  /** What waits for a slow reader; default: more than a run can send. */
  readonly maxBufferedBytes?: number;
  /** Media go through it, in a process of its own. Default: through nothing. */
  readonly hasMedia?: boolean;
};

/** Connections, rooms and participants beyond those of the run: probes, users that return. */
const HEADROOM = 100;
/** Bytes that may wait for a slow tester; it is the tester's fault, not a fault to be found. */
const MAX_BUFFERED_BYTES = 512 * 1024 * 1024;
/** A server that did not start by then will not. */
const START_TIMEOUT_MS = 60_000;
/** The server drains and closes in under 3 s; a thread that takes longer is ended. */
const CLOSE_TIMEOUT_MS = 5_000;

/** Starts a server; rejects when its thread fails. */
export async function startLocalServer(options: LocalServerOptions): Promise<LocalServer> {
  const worker = new Worker(import.meta.resolve("./local_server_worker.ts"), { type: "module" });
  const ask = questionsTo(worker);
  let isClosing = false;
  try {
    const flags = [...flagsFor(options), ...await mediaFlags(options)];
    const { port } = await inTime(ask({ flags }), START_TIMEOUT_MS);
    return {
      url: `ws://127.0.0.1:${port}/ws`,
      read: async () => {
        if (isClosing) return {};
        const { cpuSeconds } = await ask({ read: true });
        return cpuSeconds === undefined ? {} : { cpuSeconds };
      },
      close: async () => {
        isClosing = true;
        const closed = ask({ close: true });
        try {
          await inTime(closed, CLOSE_TIMEOUT_MS);
        } finally {
          worker.terminate();
        }
      },
    };
  } catch (error) {
    worker.terminate();
    throw error;
  }
}

function flagsFor(options: LocalServerOptions): string[] {
  const { users, rooms, heartbeatMs, resumeGraceMs } = options;
  const limits = {
    "max-participants": options.maxParticipants ?? users + HEADROOM,
    "max-connections": users + HEADROOM,
    "max-rooms": rooms + HEADROOM,
    "message-rate": 1_000_000,
    "message-burst": 1_000_000,
    "room-message-rate": 1_000_000,
    "max-buffered-bytes": options.maxBufferedBytes ?? MAX_BUFFERED_BYTES,
    ...(heartbeatMs === undefined ? {} : { "heartbeat-ms": heartbeatMs }),
    ...(resumeGraceMs === undefined ? {} : { "resume-grace-ms": resumeGraceMs }),
  };
  return Object.entries(limits).flatMap(([name, value]) => [`--${name}`, `${value}`]);
}

/** One process is enough for rooms that one tester fills; a port of its own lets runs be side by side. */
async function mediaFlags({ hasMedia = false }: LocalServerOptions): Promise<string[]> {
  if (!hasMedia) return ["--media", "off"];
  const port = await freeUdpPort();
  return [
    ...["--media", "on", "--topology", "sfu"],
    ...["--media-processes", "1", "--media-port", `${port}`],
  ];
}

/** A UDP port that nobody has now. */
async function freeUdpPort(): Promise<number> {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.bind({ address: "127.0.0.1", port: 0 }, resolve);
  });
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(resolve));
  return port;
}

/** What the worker answers: `port` once it listens, `cpuSeconds` when asked, `{}` once closed. */
type Answer = { readonly port?: number; readonly cpuSeconds?: number };

/** Asks the worker, which answers in the order of the questions. */
function questionsTo(worker: Worker): (question: object) => Promise<Answer> {
  const waiting: PromiseWithResolvers<Answer>[] = [];
  worker.onmessage = ({ data }) => waiting.shift()?.resolve(data);
  worker.onerror = (event) => {
    event.preventDefault();
    const error = new Error(`Cannot start a server in this process: ${event.message}`);
    for (const { reject } of waiting.splice(0)) reject(error);
  };
  return (question) => {
    const answer = Promise.withResolvers<Answer>();
    waiting.push(answer);
    worker.postMessage(question);
    return answer.promise;
  };
}

async function inTime<T>(promise: Promise<T>, timeoutMs: number): Promise<T> {
  const { promise: timeout, reject } = Promise.withResolvers<never>();
  const cancel = systemClock.after(
    timeoutMs,
    () => reject(new Error(`The server in this process did not answer within ${timeoutMs} ms`)),
  );
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    cancel();
  }
}
