/** What holds for every route: headers, CORS, unknown paths and methods. */
import assert from "node:assert/strict";
import { codeOf, withApp } from "../support/app_fixture.ts";

Deno.test(
  "handler sends the security headers with every answer",
  withApp([], async (send) => {
    for (const path of ["/", "/api/rooms", "/nope"]) {
      const { headers, body } = await send(path);
      await body?.cancel();

      const policy = headers.get("content-security-policy") ?? "";
      for (
        const part of [
          "default-src 'none'",
          "script-src 'self'",
          "style-src 'self'",
          "frame-ancestors 'none'",
          "require-trusted-types-for 'script'",
        ]
      ) assert.ok(policy.includes(part), `${path}: ${part}`);
      assert.ok(!policy.includes("unsafe"), policy);
      assert.equal(headers.get("x-content-type-options"), "nosniff");
      assert.equal(headers.get("referrer-policy"), "no-referrer");
      assert.ok(headers.get("permissions-policy")?.includes("camera=(self)"));
    }
  }),
);

Deno.test(
  "handler lets any origin read the API, and write nothing",
  withApp([], async (send) => {
    const read = await send("/api/rooms", { headers: { origin: "https://else.example" } });
    await read.body?.cancel();
    const asked = await send("/api/rooms", {
      method: "OPTIONS",
      headers: { origin: "https://else.example", "access-control-request-method": "POST" },
    });

    assert.equal(read.headers.get("access-control-allow-origin"), "*");
    assert.equal(asked.headers.get("access-control-allow-methods"), "GET");
  }),
);

Deno.test(
  "handler lets only listed origins read with --cors-origin",
  withApp(["--cors-origin", "https://a.example,https://b.example"], async (send) => {
    const allowedFor = async (origin: string) => {
      const { headers, body } = await send("/api/rooms", { headers: { origin } });
      await body?.cancel();
      return headers.get("access-control-allow-origin");
    };

    assert.equal(await allowedFor("https://b.example"), "https://b.example");
    assert.equal(await allowedFor("https://c.example"), null);
  }),
);

Deno.test(
  "handler lets no other origin read with --cors-origin none",
  withApp(["--cors-origin", "none"], async (send) => {
    const { headers, body } = await send("/api/rooms", {
      headers: { origin: "https://a.example" },
    });
    await body?.cancel();

    assert.equal(headers.get("access-control-allow-origin"), null);
  }),
);

Deno.test(
  "handler refuses an unknown path and a method that a path does not have",
  withApp([], async (send) => {
    assert.deepEqual(await codeOf(await send("/nope")), [404, "not-found"]);
    const response = await send("/api/rooms", { method: "PUT" });
    assert.equal(response.headers.get("allow"), "GET, HEAD, POST, OPTIONS");
    assert.deepEqual(await codeOf(response), [405, "method-not-allowed"]);
    assert.equal((await send("/api/rooms", { method: "HEAD" })).status, 200);
  }),
);
