/**
 * Makes a report of what two calls of `getStats` returned (W3C webrtc-stats). Pure. Everything that a
 * browser may leave out is taken as unknown; every counter may start anew when a stream does.
 */
import type { LayerReport, LinkReport, StreamReport } from "./link_report.ts";
import { Entries, type Entry, type Sample } from "./stats_entries.ts";
import { addCounters, receivedCounters, sentCounters } from "./stream_counters.ts";
import type { Slot } from "./transport.ts";

/** A stream, wherever it belongs. */
export type Stream = Omit<StreamReport, "slot">;

/** One encoding of a picture. */
type Layer = { readonly entry: Entry; readonly stream: Stream };

/** From the worst to the best. */
const LIMITS = ["cpu", "bandwidth", "other", "none"] as const;

/**
 * What a link measures between `before` and `now`; without `before` the rates are 0. `slots` names
 * the slots by the id of their m-line.
 */
export function readLink(
  now: Sample,
  before: Sample | undefined,
  slots: ReadonlyMap<string, Slot>,
): LinkReport {
  const entries = new Entries(now, before);
  const pair = selectedPair(entries);
  function inSlots(streams: ReadonlyMap<string, Stream>): StreamReport[] {
    return [...streams].flatMap(([mid, stream]) => {
      const slot = slots.get(mid);
      return slot === undefined ? [] : [{ slot, ...stream }];
    });
  }
  const sent = inSlots(sentByMid(entries));
  const received = inSlots(receivedByMid(entries));
  const roundTrip = pair?.number("currentRoundTripTime");
  return {
    at: now.at,
    path: pathOf(pair, entries),
    roundTripMs: roundTrip === undefined ? undefined : toMs(roundTrip),
    availableOutgoingBitrate: pair?.number("availableOutgoingBitrate"),
    kbpsUp: sumKbps(sent),
    kbpsDown: sumKbps(received),
    sent,
    received,
  };
}

/** What is received, by the id of its m-line. */
export function receivedByMid(entries: Entries): ReadonlyMap<string, Stream> {
  const streams = entries.ofType("inbound-rtp").map((entry) =>
    [entry.text("mid"), readReceived(entry, entries)] as const
  );
  return new Map(streams);
}

/** What several streams take together. */
export function sumKbps(streams: readonly Stream[]): number {
  return streams.reduce((total, { kbps }) => total + kbps, 0);
}

/** What is sent, by the id of its m-line; the layers of one picture are one stream. */
function sentByMid(entries: Entries): ReadonlyMap<string, Stream> {
  const layers = new Map<string, Layer[]>();
  for (const entry of entries.ofType("outbound-rtp")) {
    const mid = entry.text("mid");
    const layer = { entry, stream: readSent(entry, entries) };
    layers.set(mid, [...layers.get(mid) ?? [], layer]);
  }
  return new Map([...layers].map(([mid, all]) => [mid, joinLayers(all)]));
}

/** The tallest layer stands for the picture, and the worst one for how it fares. */
function joinLayers(all: readonly Layer[]): Stream {
  const heightOf = ({ stream }: Layer) => stream.height ?? Infinity;
  const sorted = [...all].sort((one, other) => heightOf(one) - heightOf(other));
  const sending = sorted.filter(isSending);
  const top = (sending.at(-1) ?? sorted.at(-1)!).stream; // Every m-line here has a layer.
  if (all.length === 1) return top;
  const streams = sorted.map(({ stream }) => stream);
  const limitedBy = LIMITS.find((limit) => streams.some((one) => one.limitedBy === limit));
  return {
    ...top,
    kbps: sumKbps(streams),
    loss: Math.max(...streams.map(({ loss }) => loss)),
    jitterMs: Math.max(...streams.map(({ jitterMs }) => jitterMs)),
    counters: addCounters(streams.flatMap(({ counters }) => counters ?? [])),
    ...(limitedBy === undefined ? {} : { limitedBy }),
    layers: sorted.map(readLayer),
  };
}

function readLayer(layer: Layer): LayerReport {
  const { kbps, width, height, framesPerSecond } = layer.stream;
  return {
    rid: layer.entry.text("rid"),
    isSending: isSending(layer),
    kbps,
    ...(width === undefined ? {} : { width }),
    ...(height === undefined ? {} : { height }),
    ...(framesPerSecond === undefined ? {} : { framesPerSecond }),
  };
}

/** Not where nobody wants it, and not where the network is too narrow: then it has no height. */
function isSending({ entry, stream }: Layer): boolean {
  return !entry.isFalse("active") && stream.height !== undefined;
}

function readSent(entry: Entry, entries: Entries): Stream {
  const remote = entries.byId(entry.text("remoteId"));
  const source = entries.byId(entry.text("mediaSourceId"));
  const limitedBy = limitOf(entry.text("qualityLimitationReason"));
  return {
    kbps: entries.kbps(entry, "bytesSent"),
    codec: codecOf(entry, entries),
    ...pictureOf(entry, "framesEncoded"),
    loss: toFraction(remote?.number("fractionLost") ?? 0),
    jitterMs: toMs(remote?.number("jitter") ?? 0),
    counters: sentCounters(entry, remote),
    ...levelOf(source),
    ...(limitedBy === undefined ? {} : { limitedBy }),
  };
}

function readReceived(entry: Entry, entries: Entries): Stream {
  const came = entries.growth(entry, "packetsReceived");
  // A packet that comes late is taken off the lost ones again (RFC 3550, appendix A.3).
  const lost = Math.max(0, entries.growth(entry, "packetsLost", "packetsReceived"));
  return {
    kbps: entries.kbps(entry, "bytesReceived"),
    codec: codecOf(entry, entries),
    ...pictureOf(entry, "framesDecoded"),
    loss: came + lost === 0 ? 0 : toFraction(lost / (came + lost)),
    jitterMs: toMs(entry.number("jitter") ?? 0),
    counters: receivedCounters(entry),
    ...levelOf(entry),
  };
}

/** The pair of candidates that is in use; some browsers name it, others mark it. */
function selectedPair(entries: Entries): Entry | undefined {
  for (const transport of entries.ofType("transport")) {
    const pair = entries.byId(transport.text("selectedCandidatePairId"));
    if (pair !== undefined) return pair;
  }
  const pairs = entries.ofType("candidate-pair");
  return pairs.find((pair) => pair.isTrue("selected")) ??
    pairs.find((pair) => pair.isTrue("nominated") && pair.text("state") === "succeeded");
}

/** A relay on either end makes it a path over a relay. */
function pathOf(pair: Entry | undefined, entries: Entries): LinkReport["path"] {
  if (pair === undefined) return "unknown";
  const ends = ["localCandidateId", "remoteCandidateId"].map((name) =>
    entries.byId(pair.text(name))?.text("candidateType") ?? ""
  );
  if (ends.includes("relay")) return "turn";
  return ends.every((type) => type === "") ? "unknown" : "p2p";
}

/** `VP9` of `video/VP9`. */
function codecOf(entry: Entry, entries: Entries): string {
  return entries.byId(entry.text("codecId"))?.text("mimeType").split("/")[1] ?? "";
}

type Picture = Pick<StreamReport, "width" | "height" | "framesPerSecond" | "frames">;

function pictureOf(entry: Entry, counter: string): Picture {
  if (entry.text("kind") !== "video") return {};
  const width = entry.number("frameWidth");
  const height = entry.number("frameHeight");
  const framesPerSecond = entry.number("framesPerSecond");
  const frames = entry.number(counter);
  return {
    ...(width === undefined ? {} : { width }),
    ...(height === undefined ? {} : { height }),
    ...(framesPerSecond === undefined ? {} : { framesPerSecond }),
    ...(frames === undefined ? {} : { frames }),
  };
}

function levelOf(entry: Entry | undefined): Pick<StreamReport, "audioLevel"> {
  const audioLevel = entry?.text("kind") === "audio" ? entry.number("audioLevel") : undefined;
  return audioLevel === undefined ? {} : { audioLevel };
}

function limitOf(reason: string): StreamReport["limitedBy"] {
  return LIMITS.find((limit) => limit === reason); // None of sound, and of browsers that do not say.
}

/** Seconds as milliseconds, to a tenth. */
function toMs(seconds: number): number {
  return Math.round(seconds * 10_000) / 10;
}

/** 0 to 1, to a thousandth. */
function toFraction(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * 1_000) / 1_000;
}
