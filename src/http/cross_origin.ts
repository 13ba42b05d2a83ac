/**
 * Pages that publish or watch over HTTP: those of the origins that may open a socket may do this too,
 * and read the answers (Fetch, CORS protocol). What is no browser names no origin and is let pass.
 */
import type { MiddlewareHandler } from "hono";
import { quoted } from "../protocol/mod.ts";
import type { AllowedOrigins } from "./allowed_origins.ts";
import { HttpError } from "./problem.ts";

/** A preflight is asked again after this long: what browsers keep at most. */
const MAX_AGE_S = 7_200;

/** What pages may send and read besides what is safelisted. */
export type CrossOriginOptions = {
  readonly methods: readonly string[];
  readonly requestHeaders: readonly string[];
  readonly responseHeaders: readonly string[];
};

/** Refuses other origins with 403, and tells the allowed ones what they may do. */
export function crossOrigin(
  origins: AllowedOrigins,
  options: CrossOriginOptions,
): MiddlewareHandler {
  return async (context, next) => {
    const origin = context.req.header("origin");
    if (origin !== undefined && !origins.allows(origin, context.req.raw)) {
      throw new HttpError(403, {
        code: "not-allowed",
        message: `Cannot connect from origin ${quoted(origin)}: ` +
          "the server's --origin does not list it",
      });
    }
    await next();
    context.header("vary", "Origin", { append: true });
    if (origin === undefined) return;
    context.header("access-control-allow-origin", origin);
    context.header("access-control-expose-headers", options.responseHeaders.join(", "));
    if (!isPreflight(context.req.raw)) return;
    context.header("access-control-allow-methods", options.methods.join(", "));
    context.header("access-control-allow-headers", options.requestHeaders.join(", "));
    context.header("access-control-max-age", `${MAX_AGE_S}`);
  };
}

/** Whether a browser asks before it sends something. */
export function isPreflight(request: Request): boolean {
  return request.method === "OPTIONS" && request.headers.has("access-control-request-method");
}
