/** Bodies of requests, bounded. */
import assert from "node:assert/strict";
import { mediaTypeOf, readText } from "../../src/http/body.ts";
import { ProtocolError } from "../../src/protocol/mod.ts";

function requestOf(body: BodyInit | null, headers: Record<string, string> = {}): Request {
  return new Request("http://localhost/", { method: "POST", body, headers });
}

const hasCode = (code: string) => (error: unknown) =>
  error instanceof ProtocolError && error.code === code;

Deno.test("readText reads a body up to its bound, none as an empty text", async () => {
  assert.equal(await readText(requestOf("héllo"), 6), "héllo");
  assert.equal(await readText(requestOf(null), 0), "");
});

Deno.test("readText reads nothing beyond the bound, and cancels the rest", async () => {
  let pulled = 0;
  let isCancelled = false;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      pulled++;
      controller.enqueue(new Uint8Array(100));
    },
    cancel() {
      isCancelled = true;
    },
  }, { highWaterMark: 0 });

  await assert.rejects(readText(requestOf(body), 250), hasCode("message-too-large"));

  assert.deepEqual([pulled, isCancelled], [3, true]);
});

Deno.test("readText refuses what is not UTF-8", async () => {
  const bytes = new Uint8Array([0x61, 0xff]);

  await assert.rejects(readText(requestOf(bytes), 10), hasCode("bad-message"));
});

Deno.test("mediaTypeOf leaves parameters and capitals out", () => {
  const typeOf = (type: string) => mediaTypeOf(requestOf(null, { "content-type": type }));

  assert.equal(typeOf("Application/SDP ; charset=utf-8"), "application/sdp");
  assert.equal(typeOf(""), "");
  assert.equal(mediaTypeOf(new Request("http://localhost/")), "");
});
