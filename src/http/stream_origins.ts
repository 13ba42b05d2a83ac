/**
 * Pages that show pictures of a room. An `<img>` names no origin and asks nobody before it loads, so
 * `--cors-origin` is held by what browsers say beside: where the request comes from (Fetch Metadata),
 * and whether another page may have the answer at all (Cross-Origin-Resource-Policy).
 */
import type { MiddlewareHandler } from "hono";
import { AllowedOrigins } from "./allowed_origins.ts";
import { HttpError } from "./problem.ts";

/** Keeps pictures from pages that are not to see them: `corsOrigins` as for the reading API. */
export function pictureOrigins(corsOrigins: readonly string[]): MiddlewareHandler {
  const isForAll = corsOrigins.includes("*");
  const allowed = new AllowedOrigins(["same", ...corsOrigins]);
  return async (context, next) => {
    if (!isForAll && isForeign(context.req.raw, allowed)) {
      throw new HttpError(403, {
        code: "not-allowed",
        message: "Cannot show pictures on that page: the server's --cors-origin does not list it",
      });
    }
    await next();
    // One that lists origins shows pictures to pages that name theirs: `<img crossorigin>`.
    const policy = isForAll ? "cross-origin" : "same-origin";
    context.header("cross-origin-resource-policy", policy);
    context.header("vary", "Origin", { append: true });
  };
}

/** Whether a page of another origin wants it that is not allowed to; what is no browser says nothing. */
function isForeign(request: Request, allowed: AllowedOrigins): boolean {
  const { headers } = request;
  const origin = headers.get("origin");
  if (origin !== null) return !allowed.allows(origin, request);
  const site = headers.get("sec-fetch-site");
  if (site !== "cross-site" && site !== "same-site") return false;
  // A link that is followed shows the picture to who follows it, and to no page.
  return headers.get("sec-fetch-mode") !== "navigate" ||
    headers.get("sec-fetch-dest") !== "document";
}
