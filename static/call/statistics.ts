/**
 * Makes a report of what two calls of `getStats` returned (W3C webrtc-stats). Pure. Everything that a
 * browser may leave out is taken as unknown; every counter may start anew when a stream does.
 */
import type { LinkReport, StreamReport } from "./link_report.ts";
import type { Slot } from "./transport.ts";

/** One answer of `getStats`, and when it came. */
export interface Sample {
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly stats: ReadonlyMap<string, unknown>;
}

/** One entry of a report. Other browsers send other fields, so nothing is taken for granted. */
class Entry {
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(value: unknown) {
    this.#fields = { ...(value as object | undefined) }; // Of a value that is none nothing is spread.
  }

  text(name: string): string {
    const value = this.#fields[name];
    return typeof value === "string" ? value : "";
  }

  number(name: string): number | undefined {
    const value = this.#fields[name];
    return typeof value === "number" && Number.isFinite(value) ? value : undefined;
  }

  isTrue(name: string): boolean {
    return this.#fields[name] === true;
  }
}

/** The entries of one sample, and of the one before. */
class Entries {
  readonly #now: ReadonlyMap<string, unknown>;
  readonly #before: ReadonlyMap<string, unknown>;
  readonly #elapsedMs: number;

  constructor(now: Sample, before: Sample | undefined) {
    this.#now = now.stats;
    this.#before = before?.stats ?? new Map();
    this.#elapsedMs = before === undefined ? 0 : now.at - before.at;
  }

  ofType(type: string): Entry[] {
    return [...this.#now.values()].map((value) => new Entry(value))
      .filter((entry) => entry.text("type") === type);
  }

  byId(id: string): Entry | undefined {
    return this.#now.has(id) ? new Entry(this.#now.get(id)) : undefined;
  }

  /** How much a counter grew. Where `guard` is smaller than before, both have started anew. */
  growth(entry: Entry, name: string, guard = name): number {
    const former = new Entry(this.#before.get(entry.text("id")));
    const now = entry.number(name) ?? 0;
    const before = former.number(name);
    if (before === undefined) return 0;
    const isNew = (entry.number(guard) ?? 0) < (former.number(guard) ?? 0);
    return isNew ? now : now - before;
  }

  /** The growth of a counter of bytes as kilobits a second, a whole number. */
  kbps(entry: Entry, name: string): number {
    if (this.#elapsedMs <= 0) return 0;
    return Math.round(this.growth(entry, name) * 8 / this.#elapsedMs);
  }
}

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
  function streams(
    type: string,
    read: (entry: Entry, entries: Entries) => Omit<StreamReport, "slot">,
  ): StreamReport[] {
    return entries.ofType(type).flatMap((entry) => {
      const slot = slots.get(entry.text("mid"));
      return slot === undefined ? [] : [{ slot, ...read(entry, entries) }];
    });
  }
  const sent = streams("outbound-rtp", readSent);
  const received = streams("inbound-rtp", readReceived);
  const roundTrip = pair?.number("currentRoundTripTime");
  return {
    at: now.at,
    path: pathOf(pair, entries),
    roundTripMs: roundTrip === undefined ? undefined : toMs(roundTrip),
    availableOutgoingBitrate: pair?.number("availableOutgoingBitrate"),
    kbpsUp: sum(sent),
    kbpsDown: sum(received),
    sent,
    received,
  };
}

function readSent(entry: Entry, entries: Entries): Omit<StreamReport, "slot"> {
  const remote = entries.byId(entry.text("remoteId"));
  const source = entries.byId(entry.text("mediaSourceId"));
  const limitedBy = limitOf(entry.text("qualityLimitationReason"));
  return {
    kbps: entries.kbps(entry, "bytesSent"),
    codec: codecOf(entry, entries),
    ...pictureOf(entry, "framesEncoded"),
    loss: toFraction(remote?.number("fractionLost") ?? 0),
    jitterMs: toMs(remote?.number("jitter") ?? 0),
    ...levelOf(source),
    ...(limitedBy === undefined ? {} : { limitedBy }),
  };
}

function readReceived(entry: Entry, entries: Entries): Omit<StreamReport, "slot"> {
  const came = entries.growth(entry, "packetsReceived");
  // A packet that comes late is taken off the lost ones again (RFC 3550, appendix A.3).
  const lost = Math.max(0, entries.growth(entry, "packetsLost", "packetsReceived"));
  return {
    kbps: entries.kbps(entry, "bytesReceived"),
    codec: codecOf(entry, entries),
    ...pictureOf(entry, "framesDecoded"),
    loss: came + lost === 0 ? 0 : toFraction(lost / (came + lost)),
    jitterMs: toMs(entry.number("jitter") ?? 0),
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
  switch (reason) {
    case "none":
    case "cpu":
    case "bandwidth":
    case "other":
      return reason;
    default:
      return undefined; // Of sound, and of browsers that do not say.
  }
}

function sum(streams: readonly StreamReport[]): number {
  return streams.reduce((total, { kbps }) => total + kbps, 0);
}

/** Seconds as milliseconds, to a tenth. */
function toMs(seconds: number): number {
  return Math.round(seconds * 10_000) / 10;
}

/** 0 to 1, to a thousandth. */
function toFraction(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * 1_000) / 1_000;
}
