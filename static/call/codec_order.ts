/**
 * In which order codecs are offered: what the best picture for the bits needs comes first, or what
 * the processor finds easiest. Pure; `slots.ts` applies it.
 */

/** Best picture for the bits first; the first one that both browsers have is used. */
export const BEST_FIRST: readonly string[] = ["video/AV1", "video/VP9", "video/VP8", "video/H264"];
/** Cheapest to encode first: for a machine that cannot keep up. */
export const CHEAP_FIRST: readonly string[] = ["video/VP8", "video/H264", "video/VP9", "video/AV1"];

/** Formats that repair or repeat the others, in the order in which browsers list them. */
const REPAIRS: readonly string[] = ["video/rtx", "video/red", "video/ulpfec", "video/flexfec-03"];

/**
 * The codecs of this browser in the order of `mimeTypes` (letters' case does not count): all of them
 * once each, those that are not named behind, what repairs the others last. Profiles of one codec
 * stay in the browser's order.
 */
export function orderCodecs<T extends { readonly mimeType: string }>(
  codecs: readonly T[],
  mimeTypes: readonly string[],
): T[] {
  const wanted = mimeTypes.map((type) => type.toLowerCase());
  function rank({ mimeType }: T): number {
    const type = mimeType.toLowerCase();
    const repair = REPAIRS.indexOf(type);
    if (repair >= 0) return wanted.length + 1 + repair;
    const place = wanted.indexOf(type);
    return place >= 0 ? place : wanted.length;
  }
  // Array.prototype.sort is stable: equals keep their order.
  return [...codecs].sort((one, other) => rank(one) - rank(other));
}
