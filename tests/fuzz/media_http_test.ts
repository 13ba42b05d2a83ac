/**
 * WHIP and WHEP against offers, fragments and requests that nobody means well with: each gets an answer
 * that is no fault, and nobody stays in a room without a session.
 */
import fc from "fast-check";
import assert from "node:assert/strict";
import { MediaHttpFixture, PUBLISHING, WATCHING } from "../support/media_http_fixture.ts";

/** Requests in each run of the tests, within seconds. */
const RUNS = 5_000;
/** The server's own ways to say that it cannot. */
const CANNOT = new Set([501, 503, 504]);

const LINES = `${PUBLISHING}${WATCHING}`.split("\r\n");
const line = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...LINES) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 40 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ...["m=", "m=audio", "m=video 0 x y", "m=audio 9 RTP/SAVPF 0", "a=mid:", "a=mid:__proto__"],
      ...["a=ice-ufrag:", "a=ice-pwd:\u0000", "a=bundle-only", "a=sendonly ", "v=0", "a=inactive"],
    ),
  },
);
/** A good offer, or lines of offers in any order, ended in any way. */
const sdp = fc.oneof(
  fc.constantFrom(PUBLISHING, WATCHING),
  fc.tuple(fc.array(line, { maxLength: 40 }), fc.constantFrom("\r\n", "\n", "\r", ""))
    .map(([lines, end]) => ["v=0", ...lines].join(end)),
  fc.tuple(fc.nat({ max: PUBLISHING.length }), fc.string({ unit: "binary", maxLength: 4 }))
    .map(([at, text]) => PUBLISHING.slice(0, at) + text + PUBLISHING.slice(at + 1)),
);
const body = fc.oneof(
  sdp.map((text) => text.toWellFormed()),
  fc.uint8Array({ maxLength: 2_000 }).map((bytes) => new Uint8Array(bytes)),
);
const id = fc.oneof(
  fc.constantFrom("test", "ann", "cam", "000042", "none", "%00", "..", "__proto__", ":id", "0001"),
  fc.string({ unit: "binary", maxLength: 70 }).map((text) =>
    encodeURIComponent(text.toWellFormed())
  ),
);
const path = fc.oneof(
  fc.constantFrom("/whip/test", "/whep/test", "/whep/test/ann"),
  fc.tuple(fc.constantFrom("whip", "whep"), fc.array(id, { maxLength: 3 }))
    .map(([kind, ids]) => `/${[kind, ...ids].join("/")}`),
);
/** Mostly nothing, so that some requests come through to the media plane. */
const rarely = <T>(arbitrary: fc.Arbitrary<T>, nothing: T) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(nothing) }, { weight: 1, arbitrary });
const query = fc.dictionary(
  fc.constantFrom("userId", "name", "role", "passcode", "access_token", "x"),
  fc.oneof(fc.constantFrom("cam", "broadcaster", "viewer", ""), fc.string({ maxLength: 80 })),
).map((fields) => `?${new URLSearchParams(fields)}`);
const value = fc.string({ maxLength: 60 }).map((text) => text.replace(/[^\x20-\x7e]/g, "?"));
const headers = fc.dictionary(
  fc.constantFrom(
    "accept",
    "authorization",
    "if-match",
    "origin",
    "room-passcode",
    "x-forwarded-for",
  ),
  fc.oneof(value, fc.constantFrom("*", "*/*", '"000000000002"', "Bearer x", "http://localhost")),
);
const type = fc.constantFrom(
  ...["application/sdp", "application/sdp", "application/trickle-ice-sdpfrag", "text/plain", ""],
);
const method = fc.constantFrom("POST", "POST", "POST", "PATCH", "DELETE", "OPTIONS", "PUT");

Deno.test("WHIP and WHEP answer whatever is sent, and leave nobody in a room who has no session", async () => {
  const unbound = { perSecond: 1e9, burst: 1e9 };
  const fixture = new MediaHttpFixture({
    maxPerAddress: 1_000_000,
    rates: { network: unbound },
    limits: { maxParticipants: 10 },
  });
  const ann = fixture.join("test", "ann");
  let opened = 0;

  await fc.assert(
    fc.asyncProperty(
      fc.record({
        ...{ method, path, type, body },
        query: rarely(query, ""),
        headers: rarely(headers, {}),
      }),
      async ({ method, path, query, headers, type, body }) => {
        const response = await fixture.send(path + query, {
          method,
          headers: { ...headers, "content-type": type },
          body,
        });
        const { status } = response;
        const text = await response.text();
        assert.ok(status < 500 || CANNOT.has(status), `${status} ${text}`);
        if (status !== 201) return;
        opened++;
        const location = response.headers.get("location")!;
        assert.equal((await fixture.send(location, { method: "DELETE" })).status, 200);
      },
    ),
    { numRuns: RUNS },
  );

  fixture.clock.endTurn();
  ann.heard();
  assert.ok(opened > 20, `${opened} were opened`);
  assert.deepEqual(fixture.roster("test"), ["ann participant"]);
  assert.deepEqual([fixture.sessions.count("whip"), fixture.sessions.count("whep")], [0, 0]);
  assert.equal(fixture.rooms.hub.registry.size, 1);
  fixture.close();
});
