/** The frame of an answer: which m-lines it can carry, and where the transport stands. */
import assert from "node:assert/strict";
import { writeAnswer } from "../../../src/media/sdp/answer_text.ts";
import { parseDescription } from "../../../src/media/sdp/description.ts";
import { linesOf, text, TRANSPORT } from "./fixtures.ts";
import { LOCAL } from "./local_side.ts";

const AUDIO = "m=audio 9 UDP/TLS/RTP/SAVPF 111 0";
const DATA = "m=application 9 UDP/DTLS/SCTP webrtc-datachannel";

function answer(lines: readonly string[], accepts: (mid: string) => boolean = () => true) {
  const asked: string[] = [];
  const offer = parseDescription(text(...TRANSPORT, ...lines));
  const written = writeAnswer({ offer, local: LOCAL, version: 5 }, ({ mid }) => {
    asked.push(mid);
    return accepts(mid) ? { formats: [111], lines: ["a=recvonly"] } : undefined;
  });
  return { ...written, asked };
}

/** The first lines of all m-lines. */
function heads(sdp: string): string[] {
  return sdp.split("\r\n").filter((line) => line.startsWith("m="));
}

Deno.test("an answer has an m-line for each of the offer, in its order", () => {
  const { sdp, asked } = answer([
    ...["a=group:BUNDLE b c a", AUDIO, "a=mid:a", "a=rtcp-mux", AUDIO, "a=mid:b", "a=rtcp-mux"],
    ...["m=video 0 RTP/SAVPF 96", "a=mid:gone", AUDIO, "a=mid:c", "a=rtcp-mux"],
  ], (mid) => mid !== "b");

  assert.deepEqual(asked, ["b", "c", "a"]);
  assert.deepEqual(heads(sdp), [
    "m=audio 9 UDP/TLS/RTP/SAVPF 111",
    "m=audio 0 UDP/TLS/RTP/SAVPF 111",
    "m=video 0 RTP/SAVPF 96",
    "m=audio 9 UDP/TLS/RTP/SAVPF 111",
  ]);
  // The first of the group that is taken carries the transport for all.
  assert.match(sdp, /\r\na=group:BUNDLE c a\r\n/);
  const [leader, other] = [linesOf(sdp, "c"), linesOf(sdp, "a")];
  assert.equal(leader.filter((line) => line.startsWith("a=candidate:")).length, 2);
  assert.equal(other.filter((line) => line.startsWith("a=candidate:")).length, 0);
  assert.ok(leader.includes("a=setup:passive") && other.includes("a=setup:passive"));
  assert.ok(linesOf(sdp, "gone").includes("a=inactive"));
  assert.match(sdp, /^v=0\r\no=- 1 5 IN/);
});

Deno.test("an m-line alone needs no group, and gets none", () => {
  const { sdp } = answer([AUDIO, "a=mid:a", "a=rtcp-mux"]);

  assert.doesNotMatch(sdp, /a=group/);
  assert.match(sdp, /a=candidate:1 /);
});

Deno.test("what does not share the first transport is rejected", () => {
  const two = [AUDIO, "a=mid:a", "a=rtcp-mux", AUDIO, "a=mid:b", "a=rtcp-mux"];

  assert.deepEqual(answer(two).asked, ["a"]);
  assert.deepEqual(answer(["a=group:BUNDLE b", ...two]).asked, ["b"]);
  assert.deepEqual(answer(["a=group:BUNDLE a", "a=group:BUNDLE b", ...two]).asked, ["a"]);
});

Deno.test("without a=rtcp-mux there would be a second transport: it is rejected", () => {
  const { asked, sdp } = answer([AUDIO, "a=mid:a"]);

  assert.deepEqual(asked, []);
  assert.match(sdp, /^m=audio 0 /m);
  assert.doesNotMatch(sdp, /candidate/);
});

Deno.test("one data channel is taken, on the port that the engine speaks", () => {
  const group = "a=group:BUNDLE a b";
  const both = answer([
    ...[group, DATA, "a=mid:a", "a=sctp-port:5000", DATA, "a=mid:b", "a=sctp-port:5000"],
  ]);

  assert.equal(both.hasData, true);
  assert.deepEqual(heads(both.sdp), [DATA, DATA.replace(" 9 ", " 0 ")]);
  assert.ok(linesOf(both.sdp, "a").includes("a=max-message-size:262144"));
  assert.ok(linesOf(both.sdp, "a").includes("a=sctp-port:5000"));
  for (
    const lines of [
      [DATA, "a=mid:a", "a=sctp-port:5001"],
      [DATA, "a=mid:a"],
      [DATA.replace("webrtc-datachannel", "x"), "a=mid:a", "a=sctp-port:5000"],
      [DATA.replace(" 9 ", " 0 "), "a=mid:a", "a=sctp-port:5000"],
    ]
  ) {
    const { hasData, sdp } = answer(lines);
    assert.equal(hasData, false, lines.join("\n"));
    assert.match(sdp, /^m=application 0 /m);
  }
});

Deno.test("an answer allows mixed extensions where the offer does", () => {
  assert.match(answer(["a=extmap-allow-mixed"]).sdp, /a=extmap-allow-mixed/);
  assert.doesNotMatch(answer([]).sdp, /a=extmap-allow-mixed/);
});
