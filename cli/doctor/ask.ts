/**
 * One HTTP request as the doctor makes it: no redirects followed, no cache, a certificate authority of
 * the test's own where one is given, and the answer bounded in size and time.
 */
import { type IncomingMessage, request as requestHttp, type RequestOptions } from "node:http";
import { request as requestHttps } from "node:https";
import { connect as connectTls } from "node:tls";
import type { Clock } from "../../src/base/mod.ts";

/** Whoever takes longer does not answer. */
const TIMEOUT_MS = 10_000;
/** Of a body that much is read: problems and health are short. */
const MAX_BODY_LENGTH = 16_384;

/** An answer. */
export type Answer = {
  readonly status: number;
  /** Headers by lower-case name; several of a name joined. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** From asking to the first byte of the answer. */
  readonly ms: number;
};

/** Asks; rejects with what the connection failed of. */
export function ask(
  url: string,
  { clock, ca }: { clock: Clock; ca?: string | undefined },
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const send = url.startsWith("https:") ? requestHttps : requestHttp;
  const startedAt = clock.elapsed();
  const request = send(url, optionsFor(new URL(url), ca), (incoming) => {
    const ms = clock.elapsed() - startedAt;
    readAnswer(incoming, ms).then(resolve, reject);
  });
  const cancel = clock.after(TIMEOUT_MS, () => {
    request.destroy(new Error(`no answer within ${TIMEOUT_MS / 1_000} s`));
  });
  request.on("error", reject);
  request.end();
  return promise.finally(() => {
    cancel();
    request.destroy();
  });
}

/**
 * A connection of our own for each request. (Node's agent for HTTPS, as Deno has it, asks for a
 * permission that the doctor has no other use for; `tls.connect` does not.)
 */
function optionsFor({ protocol, hostname, port }: URL, ca: string | undefined): RequestOptions {
  if (protocol !== "https:") return { agent: false };
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  const name = /^[\d.]+$|:/.test(host) ? {} : { servername: host };
  const trust = ca === undefined ? {} : { ca };
  return {
    createConnection: () => {
      return connectTls({ host, port: port === "" ? 443 : Number(port), ...name, ...trust });
    },
  };
}

/** Reads an answer, its body up to a bound. */
export async function readAnswer(incoming: IncomingMessage, ms: number): Promise<Answer> {
  let body = "";
  const decoder = new TextDecoder();
  for await (const part of incoming) {
    body += decoder.decode(part, { stream: true });
    if (body.length > MAX_BODY_LENGTH) break;
  }
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, `${value}`]);
  return {
    status: incoming.statusCode ?? 0,
    headers: Object.fromEntries(headers),
    body: body.slice(0, MAX_BODY_LENGTH),
    ms,
  };
}
