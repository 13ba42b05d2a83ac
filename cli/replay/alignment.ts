/**
 * Two lists side by side: which items of one stand for which of the other, in order, as many as
 * possible. Pure; the comparison of a replay with its capture uses it.
 */

/** An item of each list, or of one where the other has none. */
export type Pair = { readonly expected: number | undefined; readonly seen: number | undefined };

/** Beyond so many cells of the table the middle of long lists is compared item by item. */
const MAX_CELLS = 4_000_000;

/** Aligns the lists; neighbours that have no partner are paired with each other as they come. */
export function align(expected: readonly string[], seen: readonly string[]): Pair[] {
  let start = 0;
  while (start < expected.length && expected[start] === seen[start]) start++;
  let end = 0;
  while (
    end < Math.min(expected.length, seen.length) - start &&
    expected[expected.length - 1 - end] === seen[seen.length - 1 - end]
  ) end++;
  const middle = alignMiddle(
    expected.slice(start, expected.length - end),
    seen.slice(start, seen.length - end),
  );
  const both = (length: number, offset: (at: number) => Pair) =>
    Array.from({ length }, (_, at) => offset(at));
  return [
    ...both(start, (at) => ({ expected: at, seen: at })),
    ...middle.map((pair) => ({
      expected: pair.expected === undefined ? undefined : pair.expected + start,
      seen: pair.seen === undefined ? undefined : pair.seen + start,
    })),
    ...both(end, (at) => ({
      expected: expected.length - end + at,
      seen: seen.length - end + at,
    })),
  ];
}

function alignMiddle(expected: readonly string[], seen: readonly string[]): Pair[] {
  if (expected.length * seen.length > MAX_CELLS) {
    return Array.from({ length: Math.max(expected.length, seen.length) }, (_, at) => ({
      expected: at < expected.length ? at : undefined,
      seen: at < seen.length ? at : undefined,
    }));
  }
  const pairs: Pair[] = [];
  let [lonelyExpected, lonelySeen]: [number[], number[]] = [[], []];
  const pairLonely = () => {
    const count = Math.max(lonelyExpected.length, lonelySeen.length);
    for (let at = 0; at < count; at++) {
      pairs.push({ expected: lonelyExpected[at], seen: lonelySeen[at] });
    }
    [lonelyExpected, lonelySeen] = [[], []];
  };
  const lengths = commonLengths(expected, seen);
  const width = seen.length + 1;
  let [left, right] = [0, 0];
  while (left < expected.length || right < seen.length) {
    if (left < expected.length && right < seen.length && expected[left] === seen[right]) {
      pairLonely();
      pairs.push({ expected: left++, seen: right++ });
    } else if (
      right === seen.length ||
      (left < expected.length &&
        lengths[(left + 1) * width + right]! >= lengths[left * width + right + 1]!)
    ) {
      lonelyExpected.push(left++);
    } else {
      lonelySeen.push(right++);
    }
  }
  pairLonely();
  return pairs;
}

/** For each pair of rests, how long their longest common subsequence is. */
function commonLengths(expected: readonly string[], seen: readonly string[]): Int32Array {
  const width = seen.length + 1;
  const lengths = new Int32Array((expected.length + 1) * width);
  for (let left = expected.length - 1; left >= 0; left--) {
    for (let right = seen.length - 1; right >= 0; right--) {
      lengths[left * width + right] = expected[left] === seen[right]
        ? lengths[(left + 1) * width + right + 1]! + 1
        : Math.max(lengths[(left + 1) * width + right]!, lengths[left * width + right + 1]!);
    }
  }
  return lengths;
}
