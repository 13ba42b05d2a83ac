/** The lines of codecs and extensions that we write. */
import assert from "node:assert/strict";
import { codecLines, extensionLines, formatsOf } from "../../../src/media/sdp/codec_lines.ts";

const VP9 = {
  ...{ payloadType: 98, name: "VP9", clockRate: 90_000, channels: 0, fmtp: "profile-id=0" },
  ...{ feedback: ["nack", "nack pli"], rtxPayloadType: 99 },
};
const OPUS = {
  ...{ payloadType: 111, name: "opus", clockRate: 48_000, channels: 2, fmtp: "" },
  ...{ feedback: [], rtxPayloadType: undefined },
};

Deno.test("codecLines write a codec and its repair stream", () => {
  assert.deepEqual(codecLines(VP9), [
    "a=rtpmap:98 VP9/90000",
    "a=rtcp-fb:98 nack",
    "a=rtcp-fb:98 nack pli",
    "a=fmtp:98 profile-id=0",
    "a=rtpmap:99 rtx/90000",
    "a=fmtp:99 apt=98",
  ]);
  assert.deepEqual(codecLines(OPUS), ["a=rtpmap:111 opus/48000/2"]);
  assert.deepEqual(codecLines({ ...OPUS, rtxPayloadType: 0 }), ["a=rtpmap:111 opus/48000/2"]);
});

Deno.test("formatsOf names codecs with their repair streams behind them", () => {
  assert.deepEqual(formatsOf([VP9, OPUS, { ...OPUS, rtxPayloadType: 0 }]), [98, 99, 111, 111]);
});

Deno.test("extensionLines write ids and names", () => {
  assert.deepEqual(extensionLines([{ id: 4, uri: "urn:x" }]), ["a=extmap:4 urn:x"]);
});
