/**
 * The server that a command talks to, from what the user typed: http(s) or ws(s), with or without
 * the socket's path.
 */
import { SOCKET_PATH } from "../src/protocol/wire.ts";
import { UsageError } from "./arguments.ts";

/** Where to connect, and where to ask over HTTP. */
export type Target = {
  /** The WebSocket. */
  readonly socketUrl: string;
  /** Where a room shows itself over HTTP. */
  readonly roomUrl: (roomId: string) => string;
  /** Where media go into a room, and out of it, over HTTP alone. */
  readonly sessionUrl: (kind: "whip" | "whep", ...ids: readonly string[]) => string;
  /** Where it tells what it counts. */
  readonly metricsUrl: string;
};

/** Reads `--url`; throws {@linkcode UsageError}. */
export function readTarget(text: string): Target {
  const expected = 'expected something like "ws://127.0.0.1:8080/ws" or "https://example.org"';
  if (!URL.canParse(text)) throw new UsageError(`Cannot use --url "${text}": ${expected}`);
  const url = new URL(text);
  const isSecure = url.protocol === "https:" || url.protocol === "wss:";
  if (!isSecure && url.protocol !== "http:" && url.protocol !== "ws:") {
    throw new UsageError(`Cannot use --url "${text}": ${expected}`);
  }
  const path = url.pathname.replace(/\/+$/, "");
  const base = path.endsWith(SOCKET_PATH) ? path.slice(0, -SOCKET_PATH.length) : path;
  const site = `${isSecure ? "https" : "http"}://${url.host}${base}`;
  return {
    socketUrl: `${isSecure ? "wss" : "ws"}://${url.host}${base}${SOCKET_PATH}${url.search}`,
    roomUrl: (roomId) => `${site}/api/rooms/${encodeURIComponent(roomId)}`,
    sessionUrl: (kind, ...ids) => [site, kind, ...ids.map(encodeURIComponent)].join("/"),
    metricsUrl: `${site}/metrics`,
  };
}
