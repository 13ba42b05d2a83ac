/**
 * The page's routes: `/`, `/test`, `/streams`, `/meet/:roomId` and `/live/:code` are one document, its
 * script and icon lie beside it. Negotiates the content coding (RFC 9110, section 12.5.3) and answers
 * conditional requests.
 */
import type { Context, Hono } from "hono";
import type { Asset, Coding, PageAssets } from "./assets.ts";
import { problem } from "./problem.ts";

/** The paths at which the document is served; the page reads the path and shows what belongs there. */
const DOCUMENT_PATHS = ["/", "/test", "/meet", "/meet/:roomId", "/live", "/live/:code", "/streams"];

/** Adds the routes. Without `assets` the paths say why there is no page. */
export function addPageRoutes(app: Hono, assets: PageAssets | undefined): void {
  const paths = [...DOCUMENT_PATHS, ...[...assets?.keys() ?? []].filter((path) => path !== "/")];
  for (const path of paths) {
    const asset = assets?.get(DOCUMENT_PATHS.includes(path) ? "/" : path);
    app.get(path, (context) => asset === undefined ? noPage() : serve(context, asset));
  }
}

async function serve(context: Context, asset: Asset): Promise<Response> {
  const { contentType, etag } = asset;
  const headers = { etag, "cache-control": "no-cache", vary: "accept-encoding" };
  const known = context.req.header("if-none-match") ?? "";
  if (known.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag)) {
    return new Response(null, { status: 304, headers });
  }
  const coding = chooseCoding(context.req.header("accept-encoding") ?? "");
  const body = await asset.body(coding);
  return new Response(body, {
    headers: {
      ...headers,
      "content-type": contentType,
      "content-length": `${body.length}`,
      ...(coding === "identity" ? {} : { "content-encoding": coding }),
    },
  });
}

function chooseCoding(accepted: string): Coding {
  const codings = accepted.split(",").map((item) => item.trim())
    .filter((item) => !/;\s*q=0(\.0*)?$/.test(item))
    .map((item) => item.split(";")[0]);
  if (codings.includes("br")) return "br";
  return codings.includes("gzip") ? "gzip" : "identity";
}

function noPage(): Response {
  const detail = "Cannot show the page: this server was started without one, or could not build it";
  return problem(503, { code: "no-page", detail });
}
