/** Numbers of a stream as words for the statistics panel. Pure. */
import type { LayerReport, StreamReport } from "../call/link_report.ts";

/** The words that are needed. */
export interface StatisticsWords {
  readonly kbps: (value: number) => string;
  readonly upToHeight: (height: number) => string;
  readonly fullHeight: string;
  readonly nobodyLooks: string;
  readonly sizeOff: (size: string) => string;
}

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

function layerText(layer: LayerReport, words: StatisticsWords): string {
  const size = layer.height === undefined ? layer.rid : `${layer.height}`;
  if (!layer.isSending) return words.sizeOff(size);
  return `${size}${rateText(layer.framesPerSecond)} · ${words.kbps(layer.kbps)}`;
}

function rateText(framesPerSecond: number | undefined): string {
  return framesPerSecond === undefined ? "" : ` · ${Math.round(framesPerSecond)}/s`;
}
