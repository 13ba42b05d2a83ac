/** Which pages may show pictures, by what browsers say of an image's request. */
import assert from "node:assert/strict";
import { Hono } from "hono";
import { HttpError } from "../../src/http/problem.ts";
import { pictureOrigins } from "../../src/http/stream_origins.ts";

type Headers = Record<string, string>;

/** What an `<img>` on a page of that site sends: no origin. */
const imageOf = (site: string): Headers => ({
  "sec-fetch-site": site,
  "sec-fetch-mode": "no-cors",
  "sec-fetch-dest": "image",
});

async function ask(corsOrigins: readonly string[], headers: Headers): Promise<string> {
  const app = new Hono();
  app.use("*", pictureOrigins(corsOrigins));
  app.get("/", (context) => context.text("a picture"));
  app.onError((error, context) => {
    if (!(error instanceof HttpError)) throw error;
    return context.text(error.code, error.status === 403 ? 403 : 500);
  });
  const response = await app.request("http://pictures.example/", { headers });
  const policy = response.headers.get("cross-origin-resource-policy");
  return `${response.status} ${policy ?? "-"}`;
}

Deno.test("pictureOrigins shows pictures to all pages where all may read the API", async () => {
  for (const headers of [{}, imageOf("cross-site"), { origin: "https://evil.example" }]) {
    assert.equal(await ask(["*"], headers), "200 cross-origin");
  }
});

Deno.test("pictureOrigins lets own pages, links and what is no browser see them in any case", async () => {
  const cases: Headers[] = [
    {},
    imageOf("same-origin"),
    imageOf("none"),
    { origin: "http://pictures.example" },
    { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" },
  ];

  for (const corsOrigins of [["none"], ["https://wall.example"]]) {
    for (const headers of cases) {
      assert.equal(await ask(corsOrigins, headers), "200 same-origin", JSON.stringify(headers));
    }
  }
});

Deno.test("pictureOrigins keeps them from other pages, whichever way they ask", async () => {
  const cases: Headers[] = [
    imageOf("cross-site"),
    imageOf("same-site"), // Another port of this host is another origin.
    { origin: "https://evil.example" },
    { origin: "null" },
    { ...imageOf("same-origin"), origin: "https://evil.example" },
    { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe" },
    { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "document" },
  ];

  for (const corsOrigins of [["none"], ["https://wall.example"]]) {
    for (const headers of cases) {
      assert.equal(await ask(corsOrigins, headers), "403 -", JSON.stringify(headers));
    }
  }
});

Deno.test("pictureOrigins shows them to listed pages that name their origin", async () => {
  const corsOrigins = ["https://wall.example"];

  assert.equal(await ask(corsOrigins, { origin: "https://wall.example" }), "200 same-origin");
  assert.equal(await ask(corsOrigins, { origin: "http://wall.example" }), "403 -");
});
