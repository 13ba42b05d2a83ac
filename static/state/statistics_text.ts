/** Numbers of a stream as words for the statistics panel. Pure. */
import type { LayerReport, StreamReport } from "../call/link_report.ts";
import { sizeText } from "./amounts.ts";
import type { BothViews, View } from "./both_views.ts";
import type { Counters } from "./server_counters.ts";

/** The words that are needed. */
export interface StatisticsWords {
  readonly kbps: (value: number) => string;
  readonly upToHeight: (height: number) => string;
  readonly fullHeight: string;
  readonly nobodyLooks: string;
  readonly sizeOff: (size: string) => string;
}

/** What is said of what both sides count. */
export interface CountedWords {
  readonly counted: {
    readonly rate: string;
    readonly picture: string;
    readonly packets: string;
    readonly bytes: string;
    readonly lost: string;
    readonly nacks: string;
    readonly plis: string;
    readonly retransmitted: string;
    readonly paused: string;
  };
}

/** What is counted. */
export type CountedName = Exclude<keyof CountedWords["counted"], "paused">;

/** The size and rate of a picture, such as `640×360 · 30/s`; empty while there is none. */
export function streamText(stream: StreamReport | undefined): string {
  if (stream?.width === undefined || stream.height === undefined) return "";
  return `${stream.width}×${stream.height}${rateText(stream.framesPerSecond)}`;
}

/** What is wanted of a picture. */
export function wantedText(height: number | undefined, words: StatisticsWords): string {
  if (height === undefined) return words.fullHeight;
  return height === 0 ? words.nobodyLooks : words.upToHeight(height);
}

/** The sizes in which a picture is sent at once; empty where there is but one. */
export function sizesText(stream: StreamReport | undefined, words: StatisticsWords): string {
  return (stream?.layers ?? []).map((layer) => layerText(layer, words)).join(", ");
}

/** The sizes of our camera that come to the server; empty where there is but one. */
export function sizesAtServer(counters: Counters | undefined, words: StatisticsWords): string {
  const { layers = [] } = counters?.published.find(({ source }) => source === "camera") ?? {};
  if (layers.length < 2) return "";
  return [...layers].sort((one, other) => one.height - other.height)
    .map(({ rid, height, bitrateKbps }) => {
      const size = height === 0 ? rid : `${height}`;
      return bitrateKbps === 0 ? words.sizeOff(size) : `${size} · ${words.kbps(bitrateKbps)}`;
    }).join(", ");
}

/** What each side counts of a stream, by what is counted; the browser's words, then the server's. */
export function countedRows(
  { browser, server, isPaused }: BothViews,
  words: StatisticsWords & CountedWords,
  languageTag: string,
): readonly (readonly [name: CountedName, browser: string, server: string])[] {
  const number = new Intl.NumberFormat(languageTag);
  const row = <Name extends CountedName>(
    name: Name,
    textOf: (view: View) => string,
  ) => [name, browser ? textOf(browser) : "", server ? textOf(server) : ""] as const;
  const [, browserRate, serverRate] = row("rate", ({ kbps }) => words.kbps(kbps));
  const picture = row("picture", pictureText);
  return [
    ["rate", browserRate, isPaused ? words.counted.paused : serverRate],
    ...(picture[1] === "" && picture[2] === "" ? [] : [picture]),
    row("packets", ({ packets }) => number.format(packets)),
    row("bytes", ({ bytes }) => sizeText(bytes, languageTag)),
    row("lost", ({ lost }) => number.format(lost)),
    row("nacks", ({ nacks }) => number.format(nacks)),
    row("plis", ({ plis }) => number.format(plis)),
    row("retransmitted", ({ retransmitted }) => number.format(retransmitted)),
  ];
}

function pictureText({ height, rid }: View): string {
  if (height === undefined) return "";
  return rid === undefined ? `${height}` : `${height} · ${rid}`;
}

function layerText(layer: LayerReport, words: StatisticsWords): string {
  const size = layer.height === undefined ? layer.rid : `${layer.height}`;
  if (!layer.isSending) return words.sizeOff(size);
  return `${size}${rateText(layer.framesPerSecond)} · ${words.kbps(layer.kbps)}`;
}

function rateText(framesPerSecond: number | undefined): string {
  return framesPerSecond === undefined ? "" : ` · ${Math.round(framesPerSecond)}/s`;
}
