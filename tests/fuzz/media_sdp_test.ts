/**
 * Descriptions of clients against everything: what Chromium writes, with lines taken out, doubled,
 * swapped and garbled, numbers that lie, and bytes that were never text. Each is read and answered, or
 * refused with MediaError; and what we answer is a description itself, of the same m-lines.
 */
import assert from "node:assert/strict";
import { SeededRandom } from "../../cli/scenarios/random.ts";
import { MediaError } from "../../src/media/port.ts";
import {
  type Description,
  parseDescription,
  remoteParametersOf,
} from "../../src/media/sdp/description.ts";
import type { NegotiatedMedia } from "../../src/media/sdp/negotiated_media.ts";
import { answerPublisher } from "../../src/media/sdp/publisher_answer.ts";
import { readSubscriberAnswer } from "../../src/media/sdp/subscriber_offer.ts";
import { answerViewer } from "../../src/media/sdp/viewer_answer.ts";
import type { RemoteParameters } from "../../src/media/sfu/transport.ts";
import { type ChromiumDescription, chromiumText, text, TRANSPORT } from "../media/sdp/fixtures.ts";
import { LOCAL, pairs } from "../media/sdp/local_side.ts";

const RUNS = 100_000;
const SEED = 20_261_129;
const MAX_SENTENCE_LENGTH = 200;
const MIDS = pairs(2).map(({ mid }) => mid);

/** Of codecs that we pass over one kind is enough: what is left out here is repetition. */
const REPEATED = /^a=(rtpmap|fmtp|rtcp-fb):(39|40|100|101|102|103|104|107|114|115|116|117|119) /;
const BASES = [
  [linesOf("publisher_offer"), "publisher", "viewer"],
  [linesOf("publisher_reoffer"), "publisher"],
  [linesOf("viewer_offer"), "viewer", "publisher"],
  [linesOf("subscriber_answer"), "subscriber"],
] as const;
/** What may stand where it should not. */
const WORDS = [
  ...["", "0", "-1", "127", "128", "255", "256", "65536", "4294967295", "4294967296", "1e9", "NaN"],
  ...["99999999999999999999", "__proto__", "constructor", "undefined", "sendonly", "rtx", "*", "~"],
  ...["VP8/90000", "opus/48000/2", "webrtc-datachannel", "BUNDLE", "FID", "send", "recv", "apt=96"],
  ...[
    " ",
    ":",
    ";",
    ",",
    "/",
    "=",
    "a=mid:0",
    "\r\na=mid:0",
    "\n",
    "\r",
    "\0",
    "\t",
    "ä",
    "\u2028",
  ],
  ...["\ud800", "😀", "x".repeat(300), "0".repeat(2_000), ";".repeat(500), " ".repeat(500)],
];
const LINES = [
  ...["a=mid:0", "a=mid:", "a=bundle-only", "a=inactive", "a=setup:passive", "a=ice-ufrag:abcd"],
  ...[
    "m=audio 9 UDP/TLS/RTP/SAVPF 111",
    "m=video 0 UDP/TLS/RTP/SAVPF 96",
    "m=",
    "v=0",
    "s=-",
    "a=",
  ],
  ...["m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "a=sctp-port:5000", "a=rtcp-mux", "x"],
  ...["a=group:BUNDLE", "a=group:BUNDLE 0 0 1 9", "a=rid:l send", "a=simulcast:send l;m;h", ""],
  ...["a=rtpmap:96 VP8/90000", "a=fmtp:97 apt=97", "a=ssrc-group:FID 1 1", "a=ssrc:1 cname:x"],
  ...["a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid", "a=rtcp-fb:* nack", "a=msid:- -"],
];

type Mutation = (lines: string[], random: SeededRandom) => void;

/** Changes lines in place. */
const MUTATIONS: readonly Mutation[] = [
  function drop(lines, random) {
    lines.splice(random.below(lines.length), 1 + random.below(3));
  },
  function double(lines, random) {
    const at = random.below(lines.length);
    lines.splice(at, 0, ...lines.slice(at, at + 1 + random.below(20)));
  },
  function swap(lines, random) {
    const [first, second] = [random.below(lines.length), random.below(lines.length)];
    [lines[first], lines[second]] = [lines[second]!, lines[first]!];
  },
  function move(lines, random) {
    const taken = lines.splice(random.below(lines.length), 1 + random.below(30));
    lines.splice(random.below(lines.length + 1), 0, ...taken);
  },
  function insert(lines, random) {
    lines.splice(random.below(lines.length + 1), 0, pick(LINES, random));
  },
  function lie(lines, random) {
    change(lines, random, (line) => line.replace(/\d+/, () => pick(WORDS, random)));
  },
  function replaceWord(lines, random) {
    change(lines, random, (line) => {
      const words = line.split(/(?<=[ :;,/=])/);
      words[random.below(words.length)] = pick(WORDS, random);
      return words.join("");
    });
  },
  function garble(lines, random) {
    change(lines, random, (line) => {
      const at = random.below(line.length + 1);
      const character = String.fromCharCode(random.below(random.below(2) === 0 ? 256 : 65_536));
      return line.slice(0, at) + character + line.slice(at + random.below(2));
    });
  },
  function cut(lines, random) {
    change(lines, random, (line) => line.slice(0, random.below(line.length + 1)));
  },
];

function linesOf(name: ChromiumDescription): readonly string[] {
  return chromiumText(name).split("\r\n").filter((line) => !REPEATED.test(line));
}

function pick<T>(list: readonly T[], random: SeededRandom): T {
  return list[random.below(list.length)]!; // Below its length.
}

function change(lines: string[], random: SeededRandom, how: (line: string) => string): void {
  const at = random.below(lines.length);
  lines[at] = how(lines[at] ?? "");
}

function mutate(base: readonly string[], random: SeededRandom): string {
  const lines = [...base];
  for (let left = 1 + random.below(4); left > 0 && lines.length > 0; left--) {
    pick(MUTATIONS, random)(lines, random);
  }
  return lines.join(random.below(10) === 0 ? "\n" : "\r\n");
}

/** Runs `act`; anything but MediaError goes on. Whether it was refused, in a sentence for people. */
function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof MediaError)) throw error;
    assert.equal(error.code, "bad-description");
    assert.ok(error.message.length <= MAX_SENTENCE_LENGTH, error.message);
    assert.match(error.message, /^Cannot take the description: [ -~]+$/);
    return undefined;
  }
}

/** Every line that an answer may have, said again without the code that writes them. */
const ANSWER_LINES = [
  ...[
    "v=0",
    "o=- 1 1 IN IP4 0\\.0\\.0\\.0",
    "s=-",
    "t=0 0",
    "c=IN IP4 0\\.0\\.0\\.0",
    "a=ice-lite",
  ],
  ...["a=extmap-allow-mixed", "a=group:BUNDLE( [!-~]{1,16})+", "a=mid:[!-~]{1,16}", "a=rtcp-mux"],
  ...["m=(audio|video) [09] [A-Z/]+( \\d{1,3})+", "m=application [09] [A-Z/]+( [!-~]+)+"],
  ...["a=(sendonly|recvonly|inactive)", "a=ice-ufrag:server01", "a=ice-pwd:[0-9a-n]{24}"],
  ...["a=fingerprint:sha-256 [0-9A-F:]{95}", "a=setup:passive", "a=end-of-candidates"],
  ...["a=candidate:[12] 1 udp \\d+ [0-9.:]+ 50000 typ host", "a=extmap:\\d{1,3} [a-z][!-~]+"],
  ...[
    "a=rtcp-rsize",
    "a=rtpmap:\\d{1,3} [A-Za-z0-9]+/(90000|48000/2)",
    "a=rtcp-fb:\\d{1,3} [a-z -]+",
  ],
  ...[
    "a=fmtp:\\d{1,3} [ -~]+",
    "a=rid:[\\w-]{1,16} recv",
    "a=simulcast:recv [\\w-]+(;[\\w-]+){0,3}",
  ],
  ...["a=msid:s t", "a=ssrc:\\d+ cname:c", "a=ssrc-group:FID \\d+ \\d+", "a=sctp-port:5000"],
  ...["a=rtpmap:\\d{1,3} rtx/90000", "a=max-message-size:262144"],
];
const ANSWER = new RegExp(`^((${ANSWER_LINES.join("|")})\r\n)+$`);

/** Our own answer is a description of the same m-lines, in which nothing of the client's broke out. */
function assertAnswers(offer: Description, sdp: string, mids: readonly string[]): void {
  assert.match(sdp, ANSWER);
  const answer = parseDescription(sdp);
  assert.deepEqual(answer.media.map(({ mid }) => mid), offer.media.map(({ mid }) => mid));
  const carried = answer.media.filter(({ isRejected }) => !isRejected);
  if (offer.bundle.length > 0) {
    assert.deepEqual([...answer.bundle].sort(), carried.map(({ mid }) => mid).sort());
  }
  for (const [index, section] of answer.media.entries()) {
    assert.equal(section.kind, offer.media[index]?.kind);
    const isActive = section.direction !== "inactive" && section.kind !== "application";
    assert.equal(!section.isRejected && isActive, mids.includes(section.mid));
  }
}

/** What goes to those who forward packets is within the bounds of their headers. */
function assertNegotiated(media: readonly NegotiatedMedia[]): void {
  for (const { codec, extensionIds, ssrcs, rtxSsrcs, rids } of media) {
    assert.ok(isWithin(127, [codec.payloadType, codec.rtxPayloadType ?? 0]));
    assert.ok(isWithin(255, Object.values(extensionIds)));
    assert.ok(isWithin(0xffff_ffff, [...ssrcs, ...rtxSsrcs]) && ssrcs.length === rtxSsrcs.length);
    assert.ok(rids.length <= 4 && new Set(rids).size === rids.length);
  }
}

function isWithin(max: number, numbers: readonly number[]): boolean {
  return numbers.every((number) => Number.isInteger(number) && number >= 0 && number <= max);
}

/** What goes to the native engine, which ends the process on what it cannot use. */
function assertRemote({ usernameFragment, password, fingerprint, setup }: RemoteParameters): void {
  assert.match(usernameFragment, /^[A-Za-z0-9+/]{4,256}$/);
  assert.match(password, /^[A-Za-z0-9+/]{22,256}$/);
  assert.match(fingerprint.algorithm, /^sha-(1|224|256|384|512)$/);
  assert.match(fingerprint.value, /^[0-9A-F]{2}(:[0-9A-F]{2}){19,63}$/);
  assert.match(setup, /^(active|actpass)$/);
}

/** Reads a description as one of the three that we take, and answers it; whether it could be read. */
function use(sdp: string, as: "publisher" | "viewer" | "subscriber"): boolean {
  if (as === "subscriber") {
    const answer = attempt(() => readSubscriberAnswer(sdp, MIDS));
    if (answer !== undefined) assertRemote(answer.remote);
    return answer !== undefined;
  }
  const offer = attempt(() => parseDescription(sdp));
  if (offer === undefined) return false;
  const remote = attempt(() => remoteParametersOf(offer));
  if (remote !== undefined) assertRemote(remote);
  const mids = as === "viewer" ? view(offer) : publish(offer);
  assert.equal(new Set(mids).size, mids.length);
  return true;
}

function publish(offer: Description): string[] {
  const { sdp, media } = answerPublisher({ offer, local: LOCAL, version: 1 });
  const mids = media.map(({ mid }) => mid);
  assertAnswers(offer, sdp, mids);
  assertNegotiated(media);
  return mids;
}

function view(offer: Description): string[] {
  const sections = offer.media.map(({ mid }, index) => ({
    ...{ mid, ssrc: index + 1, rtxSsrc: index + 1_001 },
    ...{ streamId: "s", trackId: "t", cname: "c" },
  }));
  const { sdp, media } = answerViewer({ offer, local: LOCAL, version: 1, sections });
  const mids = media.map(({ mid }) => mid);
  assertAnswers(offer, sdp, mids);
  return mids;
}

function useAll(sdp: string): void {
  for (const as of ["publisher", "viewer", "subscriber"] as const) use(sdp, as);
}

Deno.test(`${RUNS} mutated descriptions are answered, or refused with MediaError`, () => {
  const random = new SeededRandom(SEED);
  let readable = 0;

  for (let run = 0; run < RUNS; run++) {
    const [base, ...uses] = pick(BASES, random);
    const sdp = mutate(base, random);
    try {
      if (use(sdp, pick(uses, random))) readable++;
    } catch (error) {
      throw new Error(`Run ${run} of seed ${SEED}: ${JSON.stringify(sdp)}`, { cause: error });
    }
  }

  // Neither way is rare, or the mutations would test one half alone.
  assert.ok(readable > RUNS / 5 && readable < RUNS * 4 / 5, `${readable} were readable`);
});

Deno.test("bytes that were never text are refused", () => {
  const random = new SeededRandom(SEED);
  const bytes = new Uint8Array(300);

  for (let run = 0; run < 2_000; run++) {
    for (let index = 0; index < bytes.length; index++) bytes[index] = random.below(256);
    const latin = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
    for (const sdp of [latin, new TextDecoder().decode(bytes), `v=0\r\n${latin}`]) useAll(sdp);
  }
});

Deno.test("descriptions of the greatest length are answered or refused, whatever fills them", () => {
  const room = 250_000;
  const section = "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\n";
  const fillings = [
    ...[" ", ";", ":", "a", "\r\n", "\n", "v=0\r\n", "a=x\r\n", "a=group:BUNDLE\r\n", section],
    ...[
      "a=rtpmap:96 VP8/90000\r\n",
      "a=rid:l send\r\n",
      "a=ssrc:1\r\n",
      "a=fmtp:96 ;\r\n",
      "m=\r\n",
    ],
    ...["a=extmap:1 x\r\n", "a=candidate:1 1 udp 1 ::1 9 typ host\r\n", "a=rtcp-fb:* x\r\n"],
  ];
  const openings = [
    ...["", "a=", "a=group:BUNDLE ", "a=mid:", "a=msid:", "a=fmtp:96 ", "a=simulcast:send "],
    ...["a=rid:l send pt=", "a=ssrc-group:FID ", "m=", "a=fingerprint:sha-256 ", "a=rtpmap:96 "],
  ];

  for (const filling of fillings) {
    for (const opening of openings) {
      const filled = filling.repeat(room / filling.length);
      use(`v=0\r\n${section}${opening}${filled}`, "publisher");
      use(`v=0\r\n${opening}${filled}\r\n${section}`, "viewer");
    }
  }
});

Deno.test("an offer of 200 m-lines is answered, mutated or not", () => {
  const random = new SeededRandom(SEED);
  const sections = Array.from({ length: 200 }, (_, index) => [
    ...["m=video 9 UDP/TLS/RTP/SAVPF 96 97", `a=mid:${index}`, "a=rtcp-mux", "a=sendrecv"],
    ...["a=rtpmap:96 VP8/90000", "a=rtpmap:97 rtx/90000", "a=fmtp:97 apt=96"],
  ]);
  const group = `a=group:BUNDLE ${sections.map((_, index) => index).join(" ")}`;
  const lines = text(...TRANSPORT, group, ...sections.flat()).split("\r\n");

  assert.equal(use(lines.join("\r\n"), "publisher"), true);
  for (let run = 0; run < 200; run++) {
    const mutated = [...lines];
    pick(MUTATIONS, random)(mutated, random);
    useAll(mutated.join("\r\n"));
  }
});
