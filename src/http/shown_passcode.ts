/** The passcode that a request shows, wherever it stands. The doors of media and of pictures ask it. */
import { ProtocolError } from "../protocol/mod.ts";

/** The header that carries a room's passcode, percent-encoded where it is not plain ASCII. */
export const PASSCODE_HEADER = "room-passcode";

/** The passcode of the header or else of the query; `undefined`: none. Throws `bad-message`. */
export function passcodeOf(request: Request): string | undefined {
  const encoded = request.headers.get(PASSCODE_HEADER);
  if (encoded === null) return new URL(request.url).searchParams.get("passcode") ?? undefined;
  try {
    return decodeURIComponent(encoded);
  } catch {
    const message = `Cannot read the header ${PASSCODE_HEADER}: it is not percent-encoded`;
    throw new ProtocolError("bad-message", message);
  }
}
