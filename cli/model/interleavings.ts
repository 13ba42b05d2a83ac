/**
 * The orders in which a server may take what several senders sent at once: each sender's own order
 * holds (rule OR3), nothing else does. Pure.
 */

/** Every order of `items` that keeps those of one sender in theirs. */
export function interleavings<T>(items: readonly T[], senderOf: (item: T) => unknown): T[][] {
  if (items.length < 2) return [[...items]];
  const orders: T[][] = [];
  const seen = new Set<unknown>();
  for (const [index, item] of items.entries()) {
    // Only the first of each sender may come next.
    if (seen.has(senderOf(item))) continue;
    seen.add(senderOf(item));
    for (const rest of interleavings(items.filter((_, n) => n !== index), senderOf)) {
      orders.push([item, ...rest]);
    }
  }
  return orders;
}
