/**
 * A Fetch response written to a bare connection: the answer to an upgrade that is refused, for which
 * `node:http` has no response object. The `ws` listener calls it.
 */
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";

/** Writes `response` and ends the connection. */
export async function writeResponse(stream: Duplex, response: Response): Promise<void> {
  const body = new Uint8Array(await response.arrayBuffer());
  const headers = new Headers(response.headers);
  headers.set("connection", "close");
  headers.set("content-length", `${body.length}`);
  const { status } = response;
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`,
    ...[...headers].map(([name, value]) => `${name}: ${value}`),
  ];
  stream.cork();
  stream.write(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
  stream.end(body);
  stream.uncork();
}
