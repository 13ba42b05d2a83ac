/**
 * The head of an HTTP/1 message (RFC 9112): its first line and its headers. Pure. The fault proxy
 * reads the head of each request to see whether it asks for a WebSocket, and changes what a proxy has
 * to; everything else keeps its letters and its order.
 */

/** A head. */
export type HttpHead = {
  /** `GET /ws HTTP/1.1`, or `HTTP/1.1 101 Switching Protocols`. */
  readonly start: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
};

/** What the proxy puts in. */
export type Rewriting = {
  /** `host:port` of the server. */
  readonly host: string;
  /** The server's origin, for pages that came through the proxy. */
  readonly origin: string;
  /** The path to ask for. */
  readonly path: string;
};

const END = [13, 10, 13, 10] as const;

/** The head at the beginning of `bytes` and its length, once it is whole. */
export function headOf(bytes: Uint8Array): { head: HttpHead; length: number } | undefined {
  for (let at = 0; at + END.length <= bytes.length; at++) {
    if (!END.every((byte, index) => bytes[at + index] === byte)) continue;
    const [start = "", ...lines] = latin1(bytes.subarray(0, at)).split("\r\n");
    const headers = lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon), line.slice(colon + 1).trim()] as const;
    });
    return { head: { start, headers }, length: at + END.length };
  }
  return undefined;
}

/** The bytes of a head. */
export function encodeHead({ start, headers }: HttpHead): Uint8Array<ArrayBuffer> {
  const lines = [start, ...headers.map(([name, value]) => `${name}: ${value}`), "", ""];
  return Uint8Array.from(lines.join("\r\n"), (letter) => letter.charCodeAt(0) & 0xff);
}

/** The value of a header; the first of several. */
export function headerOf(head: HttpHead, name: string): string | undefined {
  return head.headers.find(([one]) => one.toLowerCase() === name)?.[1];
}

/** Whether a request asks for a WebSocket (RFC 6455, section 4.1). */
export function asksForWebSocket(head: HttpHead): boolean {
  return headerOf(head, "upgrade")?.toLowerCase() === "websocket";
}

/** The path of a request. */
export function pathOf(head: HttpHead): string {
  return head.start.split(" ")[1] ?? "/";
}

/**
 * The request as the server gets it. A WebSocket is asked for without extensions, because the faults
 * read what passes; anything else asks for the connection to end after the answer, so that the proxy
 * need not know where one request ends.
 */
export function rewriteRequest(head: HttpHead, { host, origin, path }: Rewriting): HttpHead {
  const [method, , version] = head.start.split(" ");
  const own = `http://${headerOf(head, "host")}`;
  const isUpgrade = asksForWebSocket(head);
  const replaced: Readonly<Record<string, (value: string) => string | undefined>> = {
    host: () => host,
    origin: (value) => value === own ? origin : value,
    connection: (value) => isUpgrade ? value : undefined,
    "sec-websocket-extensions": () => undefined,
  };
  const headers = head.headers.flatMap(([name, value]): (readonly [string, string])[] => {
    const replace = replaced[name.toLowerCase()];
    const next = replace === undefined ? value : replace(value);
    return next === undefined ? [] : [[name, next]];
  });
  return {
    start: `${method} ${path} ${version}`,
    headers: isUpgrade ? headers : [...headers, ["Connection", "close"]],
  };
}

/** Headers are bytes; Latin-1 keeps each of them. */
function latin1(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
