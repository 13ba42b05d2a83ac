/**
 * The one place that turns failures into HTTP responses: problem documents (RFC 9457) that carry the
 * wire's error code beside the sentence.
 */
import { MediaError, type MediaErrorCode } from "../media/port.ts";
import { type ErrorCode, ProtocolError } from "../protocol/mod.ts";

/** A failure that HTTP alone knows; its code stands beside those of the wire. */
export class HttpError extends Error {
  /** 4xx or 5xx. */
  readonly status: number;
  /** Stable name of what went wrong. */
  readonly code: string;
  /** Besides those that the status brings. */
  readonly headers: Readonly<Record<string, string>>;

  /** An error that is answered with `status`; `message` is a sentence for people. */
  constructor(
    status: number,
    options: { code: string; message: string; headers?: Readonly<Record<string, string>> },
  ) {
    super(options.message);
    this.name = "HttpError";
    this.status = status;
    this.code = options.code;
    this.headers = options.headers ?? {};
  }
}

/** Status of each code that a route can raise; the others are 500. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  "bad-message": 400,
  "invalid-room-id": 400,
  "invalid-user-id": 400,
  "bad-token": 401,
  "bad-passcode": 403,
  "not-allowed": 403,
  "room-locked": 403,
  "room-not-found": 404,
  "no-such-participant": 404,
  "broadcaster-taken": 409,
  "room-full": 409,
  "user-id-taken": 409,
  "message-too-large": 413,
  "rate-limited": 429,
  "media-failed": 503,
  "too-many-rooms": 503,
  "too-many-connections": 503,
  "server-shutting-down": 503,
};

/** Status of each code of the media plane; some are on the wire under other names. */
const MEDIA_STATUS: Record<MediaErrorCode, number> = {
  "bad-description": 422,
  "no-such-track": 404,
  "no-such-participant": 404,
  "unavailable": 503,
  "not-configured": 501,
  "already-recording": 409,
  "not-recording": 409,
};

/** Seconds after which a client may try again where the server has no room for it now. */
const RETRY_AFTER_S = "5";

/** A problem document. `code` is one of the wire's, or names what HTTP alone has. */
export function problem(
  status: number,
  options: { code: string; detail: string; headers?: Readonly<Record<string, string>> },
): Response {
  const { code, detail, headers = {} } = options;
  return Response.json({ status, title: code, code, detail }, {
    status,
    headers: { ...headers, "content-type": "application/problem+json" },
  });
}

/** The response to a request that failed; `undefined` where the fault is the server's own. */
export function problemOf(error: unknown): Response | undefined {
  const found = describe(error);
  if (found === undefined) return undefined;
  const { status, code, detail, headers } = found;
  return problem(status, {
    code,
    detail,
    headers: {
      ...(status === 503 ? { "retry-after": RETRY_AFTER_S } : {}),
      ...(status === 401 ? { "www-authenticate": "Bearer" } : {}),
      ...headers,
    },
  });
}

type Description = {
  status: number;
  code: string;
  detail: string;
  headers: Readonly<Record<string, string>>;
};

function describe(error: unknown): Description | undefined {
  if (error instanceof HttpError) {
    const { status, code, message: detail, headers } = error;
    return { status, code, detail, headers };
  }
  if (error instanceof MediaError) {
    const { code, message: detail } = error;
    return { status: MEDIA_STATUS[code], code, detail, headers: {} };
  }
  if (!(error instanceof ProtocolError)) return undefined;
  const { code, message: detail, retryAfterMs, cause } = error;
  // What the media plane refused stays refused; what it could not do now may be done later.
  const status = code === "media-failed" && cause instanceof MediaError
    ? MEDIA_STATUS[cause.code]
    : STATUS[code] ?? 500;
  const seconds = retryAfterMs === undefined ? undefined : Math.ceil(retryAfterMs / 1000);
  return { status, code, detail, headers: seconds ? { "retry-after": `${seconds}` } : {} };
}
