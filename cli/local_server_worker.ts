/**
 * The thread behind `startLocalServer`: builds the server, serves it on a free port of the loopback
 * interface, and closes it when told. The one file of the CLI that imports more of the server than
 * its wire.
 */
/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
import { createApp } from "../src/app.ts";
import { readConfig } from "../src/config.ts";
import { openMediaPlane } from "../src/media_plane.ts";
import { threadCpuUs } from "./measure/cpu.ts";

let close: () => Promise<void> = () => Promise.resolve();

type Question = { flags?: string[]; read?: boolean; close?: boolean };

self.onmessage = async ({ data }: MessageEvent<Question>) => {
  if (data.flags !== undefined) return start(data.flags);
  if (data.read) return self.postMessage({ cpuSeconds: threadCpuUs() / 1e6 });
  await close();
  self.postMessage({});
};

async function start(flags: string[]): Promise<void> {
  const config = readConfig(flags, {});
  const app = createApp({ config, media: await openMediaPlane(config) });
  const server = Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    onListen: ({ port }) => self.postMessage({ port }),
  }, app.handler);
  close = async () => {
    await app.close();
    await server.shutdown();
  };
}
