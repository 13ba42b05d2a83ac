/** The sources of an m-line, and the stream that they belong to. */
import assert from "node:assert/strict";
import { assertRefused, video } from "./fixtures.ts";

Deno.test("sources are read with their cname and their groups", () => {
  const { ssrcs, ssrcGroups } = video(
    ...["96", "a=ssrc-group:FID 1 4294967295", "a=ssrc:1 msid:s t", "a=ssrc:1 cname:abc"],
    ...["a=ssrc:4294967295 cname:abc", "a=ssrc:3"],
  );

  assert.deepEqual(ssrcs, [
    { ssrc: 1, cname: "abc" },
    { ssrc: 4294967295, cname: "abc" },
    { ssrc: 3, cname: "" },
  ]);
  assert.deepEqual(ssrcGroups, [{ semantics: "FID", ssrcs: [1, 4294967295] }]);
});

Deno.test("sources that break the grammar, or are too many, are refused", () => {
  const many = (line: (index: number) => string, count: number) =>
    Array.from({ length: count }, (_, index) => line(index));

  assertRefused(() => video("96", "a=ssrc:4294967296 cname:x"), /line 8: a=ssrc is no number/);
  assertRefused(() => video("96", "a=ssrc:-1 cname:x"), /line 8: a=ssrc is no number/);
  assertRefused(() => video("96", "a=ssrc:1 cname:"), /line 8: a cname/);
  assertRefused(() => video("96", "a=ssrc-group:FID 1 x"), /line 8: a source of a=ssrc-group/);
  assertRefused(() => video("96", "a=ssrc-group:"), /line 8: the name of a=ssrc-group/);
  assertRefused(
    () => video("96", `a=ssrc-group:SIM ${many(String, 17).join(" ")}`),
    /line 8: more than 16 sources in one/,
  );
  assertRefused(() => video("96", ...many((n) => `a=ssrc:${n}`, 65)), /line 72: more than 64/);
  assertRefused(
    () => video("96", ...many((n) => `a=ssrc-group:FID ${n} ${n + 100}`, 33)),
    /line 40: more than 32 groups/,
  );
});

Deno.test("stream and track are read, the first of several", () => {
  assert.deepEqual(video("96", "a=msid:- t", "a=msid:s2 t").msid, { streamId: "-", trackId: "t" });
  assert.deepEqual(video("96", "a=msid:s").msid, { streamId: "s", trackId: "" });
  assert.equal(video("96").msid, undefined);
  assertRefused(() => video("96", "a=msid:"), /line 8: the stream of a=msid/);
  assertRefused(() => video("96", "a=msid:s t u"), /line 8: the track of a=msid/);
});
