/**
 * The server that `deno task doctor` looks at, from what the user typed: where its socket is, where its
 * API, and whether it is on this machine.
 */
import { SOCKET_PATH } from "../../src/protocol/wire.ts";
import { readTarget } from "../target.ts";

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** A server as seen from outside. */
export type Site = {
  /** The host's name or address, without brackets. */
  readonly host: string;
  readonly port: number;
  /** It speaks TLS. */
  readonly isSecure: boolean;
  /** It is on this machine. */
  readonly isLoopback: boolean;
  /** The origin of its pages: `https://example.org`. */
  readonly origin: string;
  /** The WebSocket, without a query: a token may stand there. */
  readonly socketUrl: string;
  /** The address of a path over HTTP. */
  readonly url: (path: string) => string;
};

/** Reads `--url`; throws UsageError. */
export function readSite(text: string): Site {
  const socket = new URL(readTarget(text).socketUrl);
  const isSecure = socket.protocol === "wss:";
  const origin = `${isSecure ? "https" : "http"}://${socket.host}`;
  const base = socket.pathname.slice(0, -SOCKET_PATH.length);
  return {
    host: socket.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: Number(socket.port === "" ? (isSecure ? 443 : 80) : socket.port),
    isSecure,
    isLoopback: LOOPBACK.test(socket.hostname),
    origin,
    socketUrl: `${socket.protocol}//${socket.host}${socket.pathname}`,
    url: (path) => `${origin}${base}${path}`,
  };
}

/** The access token in the query of what the user typed, if there is one. */
export function tokenInUrl(text: string): string | undefined {
  return URL.canParse(text)
    ? new URL(text).searchParams.get("access_token") ?? undefined
    : undefined;
}
