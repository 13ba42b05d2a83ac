/** The page over HTTP: documents, codings, conditional requests. */
import assert from "node:assert/strict";
import { codeOf, PAGE, withApp } from "../support/app_fixture.ts";

const paths = [
  ...["/", "/test", "/meet", "/meet/482913", "/meet/%E4%BC%9A%E8%AE%AE"],
  ...["/live", "/live/482913", "/streams"],
];
for (const path of paths) {
  Deno.test(
    `handler serves the page at ${path}`,
    withApp([], async (send) => {
      const response = await send(path);

      assert.equal(response.status, 200);
      assert.equal(response.headers.get("content-type"), "text/html; charset=utf-8");
      assert.equal(await response.text(), PAGE);
    }),
  );
}

Deno.test(
  "handler compresses the page as the client accepts it",
  withApp([], async (send) => {
    const codingOf = async (accepted: string) => {
      const response = await send("/", { headers: { "accept-encoding": accepted } });
      await response.body?.cancel();
      return response.headers.get("content-encoding");
    };

    assert.equal(await codingOf("gzip, deflate, br"), "br");
    assert.equal(await codingOf("gzip"), "gzip");
    assert.equal(await codingOf("br;q=0, gzip;q=0.5"), "gzip");
    assert.equal(await codingOf("zstd"), null);
  }),
);

Deno.test(
  "handler answers 304 to a client that has the page",
  withApp([], async (send) => {
    const first = await send("/");
    await first.body?.cancel();
    const etag = first.headers.get("etag")!;

    const known = await send("/", { headers: { "if-none-match": `W/${etag}, "x"` } });
    const other = await send("/", { headers: { "if-none-match": '"x"' } });
    await other.body?.cancel();

    assert.equal(known.status, 304);
    assert.equal(other.status, 200);
  }),
);

Deno.test(
  "handler says that there is no page where none was built",
  withApp([], async (send) => {
    assert.deepEqual(await codeOf(await send("/")), [503, "no-page"]);
  }, new Map()),
);
