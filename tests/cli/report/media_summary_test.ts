/** What came of media, on the terminal. */
import assert from "node:assert/strict";
import { mediaLines } from "../../../cli/report/media_summary.ts";
import { summarize } from "../../../cli/report/summary.ts";
import { makeStream } from "../../../cli/terminal.ts";
import { mediaReport, verifiedReport } from "../../support/simulation_reports.ts";

const plain = makeStream(() => {}, { isTty: false, hasColour: false });

Deno.test("mediaLines says nothing where there were no media", () => {
  assert.deepEqual(mediaLines(verifiedReport, plain), []);
});

Deno.test("mediaLines counts pairs and losses, names the slowest, and who lacks whom", () => {
  assert.deepEqual(mediaLines(mediaReport, plain), [
    "  media       5 of 6 pairs verified, 2,345 packets of 1,200, 12 lost on purpose, " +
    "1 lost on the way, 9 repeated, none lost for good",
    "  slowest     user-3: packets took 1.50 ms at p50, 22 ms at p99",
    "  ! 2 pauses and losses are not held against the server: packets took more than 150 ms, " +
    "by its or by the tester's fault",
    "  ✘ user-1 gets no picture of user-3",
  ]);
});

Deno.test("mediaLines names a few of many pairs, and text from elsewhere without what a terminal obeys", () => {
  const media = mediaReport.media!;
  const [pair] = media.pairs;
  const pairs = Array.from({ length: 20 }, (_, n) => ({
    ...pair!,
    subscriber: `user-${n}\u001b[31m`,
    verdict: "wrong" as const,
  }));

  const lines = mediaLines({ ...mediaReport, media: { ...media, pairs } }, plain);

  assert.match(lines[0]!, /0 of 20 pairs verified/);
  assert.equal(lines.at(-1), "  ✘ and 12 more");
  assert.equal(lines.filter((line) => /gets something wrong of/.test(line)).length, 8);
  assert.ok(lines.every((line) => !line.includes("\u001b")));
});

Deno.test("summarize has the media, and the flags to run them again", () => {
  const text = summarize(mediaReport, plain);

  assert.match(text, /5 of 6 pairs verified/);
  assert.match(text, /Again: deno task simulate .*--seed 7 --media synthetic\n/);
});
