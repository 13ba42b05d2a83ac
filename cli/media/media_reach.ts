/**
 * Whether the media port of a server is reached from here: a session of WHIP in a room that nobody else
 * is in, from its offer to an open connection, and its end. The doctor asks.
 */
import { type Clock, logger } from "../../src/base/mod.ts";
import { createIceParameters, createSsrc } from "../../src/media/sfu/credentials.ts";
import type { Transport } from "../../src/media/sfu/transport.ts";
import { loadMediaEngine, type MediaEngine } from "./engine.ts";
import { HttpSession, SessionRefused, SessionUnreachable } from "./http_session.ts";
import { connectToServer } from "./server_connection.ts";
import { DescriptionError, ServerDescription } from "./server_description.ts";
import { whipOffer } from "./session_descriptions.ts";

/** A port that was not reached by then will not be; the checks of ICE are repeated within a second. */
const CONNECT_MS = 8_000;
const POLL_MS = 20;

/** What came of it. */
export type MediaReach =
  /** Media would flow to one of these. */
  | { readonly kind: "reached"; readonly addresses: readonly string[]; readonly ms: number }
  /** None of these answers. */
  | { readonly kind: "silent"; readonly addresses: readonly string[] }
  /** The server opens no session, or none that can be used. */
  | { readonly kind: "refused"; readonly reason: string }
  /** There is no engine here to try it with. */
  | { readonly kind: "no-engine"; readonly reason: string };

/** What it is tried with. */
export type MediaReachOptions = {
  readonly token: string | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Default: the addon. */
  readonly loadEngine?: () => Promise<MediaEngine>;
};

/** Tries it at the WHIP endpoint of a room. Rejects with what ends `signal`, and for nothing else. */
export async function reachMedia(endpoint: URL, options: MediaReachOptions): Promise<MediaReach> {
  const { loadEngine = () => loadMediaEngine(logger("media")) } = options;
  let engine: MediaEngine;
  try {
    engine = await loadEngine();
  } catch (error) {
    return { kind: "no-engine", reason: wordsOf(error) };
  }
  try {
    return await tryWith(engine, endpoint, options);
  } catch (error) {
    const isTheirs = error instanceof SessionRefused || error instanceof SessionUnreachable ||
      error instanceof DescriptionError;
    if (!isTheirs || options.signal.aborted) throw error;
    return { kind: "refused", reason: error.message };
  } finally {
    engine.close();
  }
}

async function tryWith(
  engine: MediaEngine,
  endpoint: URL,
  { token, clock, signal }: MediaReachOptions,
): Promise<MediaReach> {
  const ice = createIceParameters();
  const line = { mid: "0", codec: "opus", ssrc: createSsrc(new Set()), rtxSsrc: 0 } as const;
  const client = { ice, fingerprint: engine.fingerprint };
  const sdp = whipOffer(client, { lines: [line], cname: crypto.randomUUID() });
  const session = await HttpSession.open(endpoint, { sdp, token, signal });
  let transport: Transport | undefined;
  try {
    const description = ServerDescription.read(session.sdp);
    const addresses = description.server.candidates
      .map(({ address, port }) => `${address}:${port}`);
    const startedAt = clock.elapsed();
    transport = connectToServer(engine, { ice, description }, () => {});
    while (!transport.isOpen && clock.elapsed() - startedAt < CONNECT_MS) {
      signal.throwIfAborted();
      await new Promise<void>((resolve) => clock.after(POLL_MS, resolve));
    }
    if (!transport.isOpen) return { kind: "silent", addresses };
    return { kind: "reached", addresses, ms: clock.elapsed() - startedAt };
  } finally {
    transport?.close();
    await session.end();
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : `${error}`;
}
