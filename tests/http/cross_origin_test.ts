/** Pages that publish or watch over HTTP, from here and elsewhere. */
import assert from "node:assert/strict";
import { codeOf } from "../support/app_fixture.ts";
import { MediaHttpFixture, PUBLISHING } from "../support/media_http_fixture.ts";

const ELSEWHERE = "https://app.example";
const preflightOf = (origin: string, method: string) => ({
  method: "OPTIONS",
  headers: { origin, "access-control-request-method": method },
});

Deno.test("crossOrigin lets the pages of listed origins publish, and read what they need", async () => {
  const fixture = new MediaHttpFixture({ origins: ["same", ELSEWHERE] });

  const response = await fixture.post("/whip/test", PUBLISHING, { headers: { origin: ELSEWHERE } });

  const { headers } = response;
  assert.equal(response.status, 201);
  assert.equal(headers.get("access-control-allow-origin"), ELSEWHERE);
  assert.equal(headers.get("access-control-expose-headers"), "location, etag, link, retry-after");
  assert.match(headers.get("vary") ?? "", /\bOrigin\b/);
  fixture.close();
});

Deno.test("crossOrigin answers preflights of each route", async () => {
  const fixture = new MediaHttpFixture({ origins: ["*"] });

  for (const path of ["/whip/test", "/whep/test", "/whip/test/x", "/whep/test/x"]) {
    const { status, headers } = await fixture.send(path, preflightOf(ELSEWHERE, "PATCH"));

    assert.equal(status, 200, path);
    assert.equal(headers.get("access-control-allow-origin"), ELSEWHERE);
    assert.equal(headers.get("access-control-allow-methods"), "POST, PATCH, DELETE");
    assert.equal(
      headers.get("access-control-allow-headers"),
      "authorization, content-type, if-match, room-passcode, room-host-key",
    );
    assert.equal(headers.get("access-control-max-age"), "7200");
  }
  fixture.close();
});

Deno.test("crossOrigin lets a page read why it was refused", async () => {
  const fixture = new MediaHttpFixture({ origins: [ELSEWHERE] });
  const headers = { origin: ELSEWHERE };

  const refused = await fixture.post("/whip/test", "hello", { headers });

  assert.equal(refused.headers.get("access-control-allow-origin"), ELSEWHERE);
  assert.deepEqual(await codeOf(refused), [400, "bad-message"]);
  fixture.close();
});

Deno.test("[CO1] crossOrigin refuses the pages of other origins, whatever they ask", async () => {
  const fixture = new MediaHttpFixture();
  const { location } = await fixture.open("/whip/test", PUBLISHING);
  const headers = { origin: ELSEWHERE };

  for (
    const [path, init] of [
      ["/whip/test", { method: "POST", headers, body: PUBLISHING }],
      ["/whip/test", preflightOf(ELSEWHERE, "POST")],
      [location, { method: "DELETE", headers }],
      [location, { method: "PATCH", headers }],
      ["/whep/test", { headers: { origin: "null" } }],
    ] as [string, RequestInit][]
  ) {
    const response = await fixture.send(path, init);
    assert.equal(response.headers.get("access-control-allow-origin"), null, path);
    assert.deepEqual(await codeOf(response), [403, "not-allowed"], path);
  }
  assert.equal(fixture.sessions.count("whip"), 1);
  fixture.close();
});

Deno.test("crossOrigin lets pass the server's own pages and what is no browser", async () => {
  const fixture = new MediaHttpFixture();
  const own = await fixture.post("/whip/test", PUBLISHING, {
    headers: { origin: "http://localhost" },
  });
  const encoder = await fixture.post("/whip/test", PUBLISHING);

  assert.deepEqual([own.status, encoder.status], [201, 201]);
  assert.equal(encoder.headers.get("access-control-allow-origin"), null);
  fixture.close();
});
