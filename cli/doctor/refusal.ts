/**
 * Why a handshake was refused, in words, and what to change: the server's own refusals (rules CO1, CO10,
 * TK1) and what proxies answer in its place. The checks that open a socket ask it.
 */
import type { Answer } from "./ask.ts";
import { fail, type Outcome } from "./check.ts";
import { fieldOf } from "./http_checks.ts";
import { Refused } from "./probe.ts";

/** What was asked for. */
type Attempt = {
  readonly origin?: string | undefined;
  /** Whether a token was shown. */
  readonly hasToken: boolean;
};

/** What to say of a handshake that opened nothing. */
export function explainFailure(error: unknown, attempt: Attempt): Outcome {
  if (error instanceof Refused) return explainRefusal(error.answer, attempt);
  const reason = error instanceof Error ? error.message : `${error}`;
  if (/subprotocol/i.test(reason)) {
    return fail(
      "the socket opens, but signalbox.v1 is not selected",
      "Let the proxy pass Sec-WebSocket-Protocol both ways, and check the path of --url",
    );
  }
  return fail(
    `no handshake: ${reason}`,
    "A proxy between may not speak WebSocket, or not wait for the answer",
  );
}

/** What to say of an HTTP answer to a handshake. */
export function explainRefusal(
  { status, body, headers }: Pick<Answer, "status" | "body" | "headers">,
  { origin, hasToken }: Attempt,
): Outcome {
  const detail = fieldOf(body, "detail");
  const found = `${status}${detail === undefined ? "" : `: ${detail}`}`;
  switch (status) {
    case 426:
      return fail(
        found,
        "A proxy drops the Upgrade header: pass Upgrade and Connection, with HTTP/1.1 " +
          "(nginx: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; " +
          'proxy_set_header Connection "upgrade")',
      );
    case 403:
      return fail(
        found,
        origin === undefined
          ? "A proxy or firewall refuses it: the server refuses only pages of other origins"
          : `Start the server with --origin ${origin}, or let the proxy pass Host unchanged`,
      );
    case 401:
      return fail(
        found,
        hasToken
          ? "Mint a token with the server's own key: deno task token"
          : "The server demands an access token: give one with --token (deno task token)",
      );
    case 429:
      return fail(
        found,
        "This address holds its share of connections: behind a proxy set --trusted-proxy, else " +
          "raise --max-connections-per-address" + retryOf(headers),
      );
    case 503:
      return fail(
        found,
        (fieldOf(body, "code") === "too-many-connections"
          ? "The server is full: raise --max-connections or add a server"
          : "The server stops or is not there: wait until it has restarted") + retryOf(headers),
      );
    case 404:
      return fail(found, "No socket there: check the path, and that the proxy passes /ws");
    case 502:
    case 504:
      return fail(found, "The proxy does not reach the server: correct its upstream");
    case 301:
    case 302:
    case 307:
    case 308:
      return fail(
        `${found}, to ${(headers.location ?? "nowhere").slice(0, 200)}`,
        "A WebSocket follows no redirect: give --url as it is in the end",
      );
    case 200:
      return fail(found, "Something else answers there: check the path, and the proxy's routes");
    default:
      return fail(found, "See the logs of the proxy and the server for this answer");
  }
}

function retryOf(headers: Answer["headers"]): string {
  const seconds = headers["retry-after"];
  return seconds === undefined ? "" : ` (it says to try again after ${seconds.slice(0, 40)} s)`;
}
