/** What a broadcast captures and sends, in numbers. */
import assert from "node:assert/strict";
import {
  availableOn,
  capturedBy,
  kbpsOver,
  limitOf,
  pictureOn,
} from "../../../../static/state/live/outgoing.ts";
import { report, stream } from "../../support/fake_call.ts";

Deno.test("capturedBy says what the camera truly gives", () => {
  const track = {
    getSettings: () => ({ width: 640, height: 480, frameRate: 29.97 }),
  } as MediaStreamTrack; // Nothing else of it is read.

  assert.deepEqual(capturedBy(track), { width: 640, height: 480, framesPerSecond: 30 });
});

Deno.test("capturedBy says nothing without a camera", () => {
  assert.equal(capturedBy(undefined), undefined);
});

Deno.test("availableOn adds up what is known of the ways, in kbit/s", () => {
  const ways = [1_500_000, undefined, 500_000].map((availableOutgoingBitrate) =>
    report({ availableOutgoingBitrate })
  );

  assert.deepEqual([availableOn(ways), availableOn([report()]), availableOn([])], [
    2_000,
    undefined,
    undefined,
  ]);
});

Deno.test("pictureOn is the tallest picture that is sent", () => {
  const small = report({ sent: [stream({ slot: "camera", height: 360 }), stream({})] });
  const large = report({ sent: [stream({ slot: "camera", height: 720 })] });

  assert.equal(pictureOn([small, large, report()])?.height, 720);
  assert.equal(pictureOn([report({ sent: [stream({})] })]), undefined);
});

Deno.test("kbpsOver adds up histories that end now, whenever they began", () => {
  const history = (...rates: number[]) => rates.map((kbpsUp) => report({ kbpsUp }));

  assert.deepEqual(kbpsOver([history(1, 2, 3), history(10)]), [1, 2, 13]);
  assert.deepEqual(kbpsOver([]), []);
});

Deno.test("kbpsOver counts what goes to the server once for all", () => {
  const forwarded = [report({ kbpsUp: 700, path: "sfu" })];

  assert.deepEqual(kbpsOver([forwarded, forwarded, forwarded]), [700]);
});

Deno.test("limitOf names the processor and the network, and nothing else", () => {
  const limits = (["cpu", "bandwidth", "none", "other"] as const).map((limitedBy) =>
    limitOf(stream({ limitedBy }))
  );

  assert.deepEqual(limits, ["cpu", "bandwidth", undefined, undefined]);
  assert.equal(limitOf(undefined), undefined);
});
