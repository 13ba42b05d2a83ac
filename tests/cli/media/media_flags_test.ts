/** The flags of media: defaults, ranges, what does not go together. */
import assert from "node:assert/strict";
import { UsageError } from "../../../cli/arguments.ts";
import { readSimulateFlags } from "../../../cli/commands/simulate_flags.ts";
import { mediaFlagsAgain } from "../../../cli/media/media_flags.ts";
import type { MediaSettings } from "../../../cli/media/media_settings.ts";

function mediaOf(text: string): MediaSettings | undefined {
  const flags = readSimulateFlags(text.split(" ").filter((word) => word !== ""));
  assert.ok(typeof flags === "object");
  return flags.settings.media;
}

Deno.test("readMediaFlags fills in what is not given; without --media there are none", () => {
  assert.equal(mediaOf(""), undefined);
  assert.equal(mediaOf("--media none"), undefined);
  assert.deepEqual(mediaOf("--media synthetic"), {
    ...{ kind: "synthetic", durationMs: 5_000, lossRatio: 0.005, maxLossRatio: 0.003 },
  });
});

Deno.test("readMediaFlags takes every flag, and mediaFlagsAgain gives them back", () => {
  const text = "--media synthetic --media-seconds 12.5 --video-kbps 300 --media-loss 0.02 " +
    "--media-loss-bound 0.1";
  const media = mediaOf(`--users 8 --scenario chat ${text}`);

  assert.deepEqual(media, {
    ...{ kind: "synthetic", durationMs: 12_500, videoKbps: 300 },
    ...{ lossRatio: 0.02, maxLossRatio: 0.1 },
  });
  assert.equal(mediaFlagsAgain(media!), text);
  assert.equal(mediaFlagsAgain(mediaOf("--media synthetic")!), "--media synthetic");
  const mesh = mediaOf("--users 4 --media synthetic --media-path mesh")!;
  assert.equal(mesh.path, "mesh");
  assert.equal(mediaFlagsAgain(mesh), "--media synthetic --media-path mesh");
});

for (
  const [text, named] of [
    ["--media real", "--media"],
    ["--media-seconds 3", "--media-seconds"],
    ["--video-kbps 100", "--video-kbps"],
    ["--media none --media-loss 0.1", "--media-loss"],
    ["--media synthetic --media-seconds 0", "--media-seconds"],
    ["--media synthetic --video-kbps 5001", "--video-kbps"],
    ["--media synthetic --media-loss 0.3", "--media-loss"],
    ["--media synthetic --media-path relay", "--media-path"],
    ["--media-path mesh", "--media-path"],
    ["--media synthetic --media-path mesh --video-kbps 100", "--video-kbps"],
    ["--media synthetic --media-path mesh --users 11", "--users"],
    ["--media synthetic --users 1", "--users"],
    ["--media synthetic --users 27", "--users"],
    ["--media synthetic --users 5 --rooms 3", "--users"],
    ["--media synthetic --churn 0.1", "--churn"],
    ["--media synthetic --scenario churn", "--scenario"],
    ["--media synthetic --scenario reconnect", "--scenario"],
    ["--media synthetic --users 8 --rooms 2 --processes 2", "--processes"],
    ["--media synthetic --search errors==0", "--search"],
    ["--media synthetic --latency 10ms", "faults"],
  ] as const
) {
  Deno.test(`readMediaFlags refuses ${text}`, () => {
    assert.throws(
      () => mediaOf(text),
      (error) => error instanceof UsageError && error.message.includes(named),
    );
  });
}
