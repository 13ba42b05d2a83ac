/**
 * The application with a real media process behind it, on a real port of this process: for the tests
 * of media from end to end. Every test closes its own.
 */
import { createApp } from "../../src/app.ts";
import { readConfig } from "../../src/config.ts";
import { asset, type PageAssets } from "../../src/http/mod.ts";
import type { MediaHost } from "../../src/media/host.ts";
import { HostFixture } from "./media_host_fixture.ts";
import { waitUntil } from "./wait_until.ts";

const ADMIN_TOKEN = "s3cret of the tests";
const html = new TextEncoder().encode("<!doctype html><title>Signalbox</title>");
const assets: PageAssets = new Map([["/", asset("text/html; charset=utf-8", html)]]);

/** A server that carries media. */
export class MediaServer {
  /** Where it is, without a slash at the end. */
  readonly address: string;
  readonly #close: () => Promise<void>;

  private constructor(address: string, close: () => Promise<void>) {
    this.address = address;
    this.#close = close;
  }

  /** Starts on free ports with the given flags; it records into a folder if it is given one. */
  static async start(
    { flags = [], recordingsFolder }: {
      flags?: readonly string[];
      recordingsFolder?: string;
    } = {},
  ): Promise<MediaServer> {
    const folder = recordingsFolder === undefined ? {} : { recordingsFolder };
    const media: MediaHost = await HostFixture.real(folder);
    const ofFolder = recordingsFolder === undefined ? [] : ["--recordings-dir", recordingsFolder];
    const config = readConfig(["--admin-token", ADMIN_TOKEN, ...ofFolder, ...flags], {});
    const app = createApp({ config, media, assets });
    const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, app.handler);
    return new MediaServer(`http://127.0.0.1:${server.addr.port}`, async () => {
      await app.close();
      await server.shutdown();
    });
  }

  /** Asks for something that is the administrator's. */
  ask(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
    return fetch(`${this.address}${path}`, { ...init, headers });
  }

  /** Who is in a room: user ids with their roles; nobody where there is no such room. */
  async roster(room: string): Promise<string[]> {
    const response = await this.ask(`/api/rooms/${room}/participants`);
    const { participants = [] } = await response.json();
    return participants.map(({ userId, role }: Record<string, string>) => `${userId} ${role}`);
  }

  /** Waits until a room has exactly these in it. */
  async untilIn(room: string, ...expected: string[]): Promise<void> {
    await waitUntil(async () => {
      const roster = await this.roster(room);
      return `${roster}` === `${expected}` ? undefined : `${room} holds ${roster}`;
    });
  }

  /** Stops it, and what carries its media. */
  close(): Promise<void> {
    return this.#close();
  }
}
