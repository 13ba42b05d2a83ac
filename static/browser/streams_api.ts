/** What the page of streams asks the server: what there is, and why a picture does not come. */
import {
  type StreamRights,
  type StreamsAnswer,
  streamsIn,
  streamsQuery,
} from "../state/streams.ts";
import { isRecord } from "../state/server_message.ts";

/** A server that has not answered by then is not going to. */
const TIMEOUT_MS = 8_000;

/** What there is. Never rejects. */
export async function fetchStreams(rights: StreamRights): Promise<StreamsAnswer> {
  const { path, headers } = streamsQuery(rights);
  try {
    const response = await fetch(path, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
    const answer: unknown = await response.json();
    if (response.ok) return { kind: "streams", streams: streamsIn(answer) };
    const waitS = Number(response.headers.get("retry-after") ?? NaN);
    const waitMs = Number.isFinite(waitS) ? waitS * 1000 : undefined;
    return { kind: "refused", code: codeIn(answer), waitMs };
  } catch {
    return { kind: "unavailable" }; // The page says so, and asks again.
  }
}

/** The code of a picture's refusal; `undefined`: there is a picture now, or nobody knows. */
export async function fetchRefusal(address: string): Promise<string | undefined> {
  try {
    // Of a refusal the body is short; of pictures it has no end.
    const gone = new AbortController();
    const response = await fetch(address, { signal: gone.signal });
    if (!response.ok) return codeIn(await response.json());
    gone.abort();
    return undefined;
  } catch {
    return undefined;
  }
}

function codeIn(answer: unknown): string {
  return isRecord(answer) && typeof answer.code === "string" ? answer.code : "";
}
