/** Which offered codecs we forward. */
import assert from "node:assert/strict";
import { chooseCodecs } from "../../../src/media/sdp/codec_choice.ts";
import type { MediaSection } from "../../../src/media/sdp/media_section.ts";
import { chromium, section, video } from "./fixtures.ts";

function chosen(media: MediaSection): (readonly [name: string, payloadType: number])[] {
  return chooseCodecs(media).map(({ name, offered }) => [name, offered.payloadType]);
}

function chosenVideo(name: string, fmtp: string): string[] {
  const { codecs } = video("96", `a=rtpmap:96 ${name}`, `a=fmtp:96 ${fmtp}`);
  return chooseCodecs({ ...video("96"), codecs }).map(({ name }) => name);
}

Deno.test("chooseCodecs takes Chromium's in its order, of H264 the one that every browser decodes", () => {
  const [audio, camera] = chromium("publisher_offer").media;

  assert.deepEqual(chosen(audio!), [["opus", 111]]);
  assert.deepEqual(chosen(camera!), [["VP8", 96], ["H264", 108], ["AV1", 45], ["VP9", 98]]);
});

Deno.test("chooseCodecs minds parameters that change the bitstream", () => {
  const mode1 = "packetization-mode=1;profile-level-id=";
  const cases: readonly [name: string, fmtp: string, isChosen: boolean][] = [
    ["VP8/90000", "max-fr=30", true],
    ["vp8/90000", "", true],
    ["VP9/90000", "", true],
    ["VP9/90000", "profile-id=0", true],
    ["VP9/90000", "profile-id=2", false],
    ["AV1/90000", "", true],
    ["AV1/90000", "level-idx=5; Profile=0;tier=0", true],
    ["AV1/90000", "profile=1", false],
    ["H264/90000", "", false],
    ["H264/90000", `${mode1}42e01f`, true],
    ["H264/90000", `${mode1}42E034`, true],
    ["H264/90000", `${mode1}42001f`, true],
    ["H264/90000", `${mode1}4d001f`, false],
    ["H264/90000", `${mode1}640c1f`, false],
    ["H264/90000", `${mode1}42e01`, false],
    ["H264/90000", `${mode1}42zzzz`, false],
    ["H264/90000", "packetization-mode=0;profile-level-id=42e01f", false],
    ["H264/90000", "profile-level-id=42e01f", false],
    ["H265/90000", "", false],
    ["VP8/48000", "", false],
    ["red/90000", "", false],
    ["ulpfec/90000", "", false],
    ["opus/48000/2", "", false],
  ];

  for (const [name, fmtp, isChosen] of cases) {
    assert.equal(chosenVideo(name, fmtp).length === 1, isChosen, `${name} ${fmtp}`);
  }
});

Deno.test("chooseCodecs takes Baseline where Constrained Baseline is not offered", () => {
  const h264 = (payloadType: number, profile: string) => [
    `a=rtpmap:${payloadType} H264/90000`,
    `a=fmtp:${payloadType} packetization-mode=1;profile-level-id=${profile}`,
  ];

  assert.deepEqual(
    chosen(video("96 97 98", ...h264(96, "42001f"), ...h264(97, "42e01f"), ...h264(98, "42e034"))),
    [["H264", 97]],
  );
  assert.deepEqual(chosen(video("96 97", ...h264(96, "42001f"), ...h264(97, "640c1f"))), [
    ["H264", 96],
  ]);
});

Deno.test("chooseCodecs takes sound of two channels at 48 kHz alone", () => {
  const audio = (name: string) =>
    chosen(section("m=audio 9 UDP/TLS/RTP/SAVPF 111", `a=rtpmap:111 ${name}`));

  assert.deepEqual(audio("OPUS/48000/2"), [["opus", 111]]);
  for (const name of ["opus/48000", "opus/48000/1", "opus/24000/2", "red/48000/2", "VP8/90000"]) {
    assert.deepEqual(audio(name), [], name);
  }
});
