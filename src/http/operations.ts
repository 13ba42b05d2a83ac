/**
 * What operators and tools ask: is it alive, is it ready, what has it counted, what does it speak.
 */
import type { Hono } from "hono";
import { asyncApiDocument } from "../protocol/mod.ts";
import type { Hub } from "../signaling/mod.ts";
import type { Metrics } from "./metrics.ts";
import { openApiDocument } from "./openapi.ts";
import { problem } from "./problem.ts";

/** What the routes depend on. */
export type OperationsOptions = {
  readonly hub: Hub;
  readonly metrics: Metrics;
  readonly version: string;
};

/** Adds the routes. */
export function addOperationsRoutes(app: Hono, options: OperationsOptions): void {
  const { hub, metrics, version } = options;
  const asyncApi = asyncApiDocument({ version });
  const openApi = openApiDocument(version);

  app.get("/healthz", (context) => context.json({ status: "ok", version }));

  app.get("/readyz", (context) => {
    const { refusal } = hub;
    if (refusal === undefined) return context.json({ status: "ready" });
    return problem(503, { code: refusal, detail: "Cannot take another connection now" });
  });

  app.get("/metrics", async () => {
    const { body, contentType } = await metrics.expose();
    return new Response(body, { headers: { "content-type": contentType } });
  });

  app.get("/schema", (context) => context.json(asyncApi));
  app.get("/openapi.json", (context) => context.json(openApi));
}
