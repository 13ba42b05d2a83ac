/**
 * What a request shows that opens a room, wherever it stands: its passcode, its host key. The doors of
 * media and of pictures ask for them.
 */
import { ProtocolError } from "../protocol/mod.ts";

/** The header that carries a room's passcode, percent-encoded where it is not plain ASCII. */
export const PASSCODE_HEADER = "room-passcode";
/** The header that carries a room's host key. */
export const HOST_KEY_HEADER = "room-host-key";

/** The passcode of the header or else of the query; `undefined`: none. Throws `bad-message`. */
export function passcodeOf(request: Request): string | undefined {
  return shown(request, PASSCODE_HEADER, "passcode");
}

/** The host key of the header or else of the query; `undefined`: none. Throws `bad-message`. */
export function hostKeyOf(request: Request): string | undefined {
  return shown(request, HOST_KEY_HEADER, "hostKey");
}

function shown(request: Request, header: string, parameter: string): string | undefined {
  const encoded = request.headers.get(header);
  if (encoded === null) return new URL(request.url).searchParams.get(parameter) ?? undefined;
  try {
    return decodeURIComponent(encoded);
  } catch {
    const message = `Cannot read the header ${header}: it is not percent-encoded`;
    throw new ProtocolError("bad-message", message);
  }
}
