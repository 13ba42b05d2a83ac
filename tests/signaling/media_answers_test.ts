/** Answers of the media plane that come, fail, or never come. */
import assert from "node:assert/strict";
import { MediaError, type MediaErrorCode } from "../../src/media/port.ts";
import { answerInTime } from "../../src/signaling/media_answers.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { hasCode } from "../support/room_fixture.ts";

const PATIENCE_MS = 10_000;

Deno.test("answerInTime gives what comes in time, and leaves no timer", async () => {
  const clock = new FakeClock();

  assert.equal(await answerInTime(Promise.resolve("an answer"), clock, "Cannot ask"), "an answer");

  assert.equal(clock.pending, 0);
});

Deno.test("[PB2] answerInTime gives up after 10 s, whatever comes later", async () => {
  const clock = new FakeClock();
  const late = Promise.withResolvers<string>();
  const answer = answerInTime(late.promise, clock, "Cannot ask");

  clock.advance(PATIENCE_MS);
  late.resolve("too late");

  await assert.rejects(answer, /^ProtocolError: Cannot ask: the media plane has said nothing/);
  await assert.rejects(answer, hasCode("media-failed"));
});

Deno.test("answerInTime swallows no failure that comes after its time, and raises none", async () => {
  const clock = new FakeClock();
  const late = Promise.withResolvers<string>();
  const answer = answerInTime(late.promise, clock, "Cannot ask");
  clock.advance(PATIENCE_MS);

  late.reject(new Error("too late"));

  await assert.rejects(answer, hasCode("media-failed"));
});

Deno.test("[PB2, SB3] answerInTime says in the words of the wire why the media plane refused", async () => {
  const codes: Record<MediaErrorCode, string> = {
    "bad-description": "media-failed",
    "no-such-track": "no-such-track",
    "no-such-participant": "no-such-participant",
    unavailable: "media-failed",
    "not-configured": "media-failed",
    "already-recording": "media-failed",
    "not-recording": "media-failed",
  };

  for (const [code, expected] of Object.entries(codes)) {
    const clock = new FakeClock();
    const refused = Promise.reject(new MediaError(code as MediaErrorCode, `Cannot: ${code}`));

    const answer = answerInTime(refused, clock, "Cannot ask");

    await assert.rejects(answer, hasCode(expected));
    await assert.rejects(answer, RegExp(`Cannot: ${code}`));
    assert.equal(clock.pending, 0);
  }
});

Deno.test("answerInTime passes on a fault as it is", async () => {
  const fault = new TypeError("a fault");

  const answer = answerInTime(Promise.reject(fault), new FakeClock(), "Cannot ask");

  await assert.rejects(answer, (error) => error === fault);
});
