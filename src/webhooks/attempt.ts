/**
 * One request to an application, and what its answer means for the event. The queue calls it, bounds
 * its time and decides about another.
 */

/** Longest wait that a receiver may ask for: beyond, the bound on all attempts decides anyway. */
const MAX_RETRY_AFTER_MS = 60_000;

/** Sends a request; the platform's `fetch`, unless a test brings its own. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** What is sent. */
export type AttemptRequest = {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  /** Ends the attempt; the reason's message says why. */
  readonly signal: AbortSignal;
};

/** What became of an attempt. `why` is for the log: it holds nothing of the URL. */
export type Attempted =
  | { readonly kind: "delivered" }
  /** Another attempt makes sense, after this long at the least. */
  | { readonly kind: "failed"; readonly why: string; readonly retryAfterMs: number }
  /** The receiver does not want it. */
  | { readonly kind: "refused"; readonly why: string };

/** Makes one attempt; `now` is the time, to read a date in an answer. Never rejects. */
export async function attempt(
  fetch: Fetch,
  { url, headers, body, signal }: AttemptRequest,
  now: () => number,
): Promise<Attempted> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body,
      signal,
      // Whoever answers for the URL must not send what is said to another place.
      redirect: "manual",
    });
    // What the answer says beside its status is of no use, and may be long.
    await response.body?.cancel();
    return judge(response, now);
  } catch (error) {
    return { kind: "failed", why: reasonOf(error, signal), retryAfterMs: 0 };
  }
}

function judge({ ok, status, headers }: Response, now: () => number): Attempted {
  if (ok) return { kind: "delivered" };
  const why = `status ${status}`;
  if (status < 500 && status !== 408 && status !== 429) return { kind: "refused", why };
  return { kind: "failed", why, retryAfterMs: readRetryAfter(headers.get("retry-after"), now) };
}

/** Seconds or a date (RFC 9110, section 10.2.3); what is neither asks for nothing. */
function readRetryAfter(text: string | null, now: () => number): number {
  if (text === null) return 0;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now();
  return Number.isNaN(ms) ? 0 : Math.min(MAX_RETRY_AFTER_MS, Math.max(0, ms));
}

/** Why no answer came. What the platform says begins with the URL, which may hold a secret. */
function reasonOf(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return signal.reason instanceof Error ? signal.reason.message : "aborted";
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  // A URL holds no space, so this begins after it.
  const told = /: client error (.+)$/s.exec(cause instanceof Error ? cause.message : "")?.[1];
  return told === undefined || told.includes("://") ? "network error" : told;
}
