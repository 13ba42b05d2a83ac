/**
 * Bodies of requests as text, read no further than they may be long. The routes that take a body call
 * it.
 */
import { ProtocolError } from "../protocol/mod.ts";

/** The body as text. Rejects with `message-too-large`, or `bad-message` where it is not UTF-8. */
export async function readText(request: Request, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop cancels the body, so nothing beyond the bound is read.
  for await (const chunk of request.body ?? []) {
    length += chunk.length;
    if (length > maxBytes) {
      throw new ProtocolError(
        "message-too-large",
        `Cannot read a body of more than ${maxBytes} bytes`,
      );
    }
    chunks.push(chunk);
  }
  // Fetch never shares memory.
  const bytes = await new Blob(chunks as Uint8Array<ArrayBuffer>[]).bytes();
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new ProtocolError("bad-message", "Cannot read the body: it is not UTF-8");
  }
}

/** The media type of a body, in small letters and without parameters; empty where none is named. */
export function mediaTypeOf(request: Request): string {
  const [type = ""] = (request.headers.get("content-type") ?? "").split(";");
  return type.trim().toLowerCase();
}
