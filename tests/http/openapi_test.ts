/** The description of the REST API: valid OpenAPI, and true of the routes. */
import assert from "node:assert/strict";
import { Validator } from "@seriousme/openapi-schema-validator";
import { openApiDocument } from "../../src/http/openapi.ts";
import { webhookEvents } from "../../src/webhooks/mod.ts";
import { withApp } from "../support/app_fixture.ts";

/** What signs a webhook. */
const HEADERS = "webhook-id,webhook-timestamp,webhook-signature";

type Paths = Record<string, Record<string, unknown>>;

Deno.test("openApiDocument is valid OpenAPI 3.1", async () => {
  const validator = new Validator();

  const { valid, errors } = await validator.validate(
    JSON.parse(JSON.stringify(openApiDocument("1.2.3"))),
  );

  assert.ok(valid, JSON.stringify(errors, null, 2));
  assert.equal(validator.version, "3.1");
});

Deno.test(
  "openApiDocument describes routes that exist, with their methods",
  withApp([], async (send) => {
    const { paths } = openApiDocument("1.2.3") as { paths: Paths };

    for (const [path, operations] of Object.entries(paths)) {
      const url = path.replace("{roomId}", "test").replaceAll(/\{\w+\}/g, "ann");
      for (const method of Object.keys(operations).filter((key) => key !== "parameters")) {
        const response = await send(url, { method: method.toUpperCase() });
        await response.body?.cancel();
        assert.notEqual(response.status, 405, `${method} ${path}`);
        assert.notEqual(response.headers.get("content-type"), null, `${method} ${path}`);
      }
    }
  }),
);

Deno.test("openApiDocument describes every webhook, with its body and its signature", () => {
  const { webhooks } = openApiDocument("1.2.3") as { webhooks: Paths };

  assert.deepEqual(Object.keys(webhooks).sort(), Object.keys(webhookEvents).sort());
  for (const [type, { post }] of Object.entries(webhooks)) {
    const { parameters, requestBody } = post as {
      parameters: { name: string }[];
      requestBody: { content: Record<string, { schema: object }> };
    };
    assert.equal(parameters.map(({ name }) => name).join(), HEADERS);
    assert.equal(
      requestBody.content["application/json"]?.schema,
      webhookEvents[type as keyof typeof webhookEvents],
    );
  }
});

Deno.test("openApiDocument leaves no route of the API out", async () => {
  const routes: string[] = [];
  for (
    const file of [
      "rooms_api",
      "ice_servers_api",
      "recordings_api",
      "room_media_api",
      "session_api",
      "streams_api",
    ]
  ) {
    const source = await Deno.readTextFile(new URL(`../../src/http/${file}.ts`, import.meta.url));
    const found = source.matchAll(/app\.(get|post|delete)\("([^"]+)"/g);
    for (const [, method, path] of found) {
      // Pictures are one route, and described by their endings.
      if (path !== "/streams/:roomId/:file") routes.push(`${method} ${templateOf(path!)}`);
    }
  }
  for (const kind of ["whip", "whep"]) {
    for (const method of ["patch", "delete"]) routes.push(`${method} /${kind}/{roomId}/{id}`);
  }
  const { paths } = openApiDocument("1.2.3") as { paths: Paths };
  const described = Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method} ${path}`)
  );

  assert.equal(routes.length, 20);
  assert.deepEqual(routes.filter((route) => !described.includes(route)), []);
});

/** A path of the routes as OpenAPI writes it. */
function templateOf(path: string): string {
  const named = path.startsWith("/api/rooms") ? path.replace(":id", "{roomId}") : path;
  return named.replaceAll(/:(\w+)/g, "{$1}");
}
