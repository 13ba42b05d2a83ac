/**
 * The thread behind `OwnServers`: builds servers as `server.ts` does, each with its own flags on a free
 * port of the loopback interface, and closes each when told. Beside `local_server_worker.ts` the one
 * file of the CLI that imports more of the server than its wire.
 */
/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
import { createApp } from "../../src/app.ts";
import { readConfig } from "../../src/config.ts";
import { listen } from "../../src/listen.ts";

/** Server `id` is to start with these flags, or, without flags, to close. */
export type WorkerRequest = { readonly id: number; readonly flags?: readonly string[] };
/** It listens there, it has closed, or it failed. */
export type WorkerAnswer = {
  readonly id: number;
  readonly port?: number;
  readonly error?: string;
};

const closers = new Map<number, () => Promise<void>>();

self.onmessage = async ({ data }: MessageEvent<WorkerRequest>) => {
  const { id, flags } = data;
  const answer = (rest: Omit<WorkerAnswer, "id">) => self.postMessage({ id, ...rest });
  try {
    if (flags !== undefined) return answer({ port: await start(id, flags) });
    await closers.get(id)?.();
    answer({});
  } catch (error) {
    answer({ error: error instanceof Error ? error.message : `${error}` });
  }
};

async function start(id: number, flags: readonly string[]): Promise<number> {
  const config = readConfig(["--host", "127.0.0.1", "--port", "0", ...flags], {});
  const app = createApp({ config });
  const listener = await listen(config, app);
  closers.set(id, async () => {
    await app.close();
    await listener.shutdown();
  });
  return listener.port;
}
