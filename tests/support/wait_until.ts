/**
 * Waits for something that happens on its own, such as a frame on a real socket. The condition
 * returns `undefined` when it holds, or why it does not yet: that stands in the error.
 */

/** Long enough for a loaded machine; a test that passes never waits for it. */
const TIMEOUT_MS = 20_000;
const POLL_MS = 5;

/** Resolves when `why` returns undefined; rejects after 20 s with its last answer. */
export async function waitUntil(
  why: () => string | undefined | Promise<string | undefined>,
): Promise<void> {
  const endAt = performance.now() + TIMEOUT_MS;
  for (;;) {
    const reason = await why();
    if (reason === undefined) return;
    if (performance.now() > endAt) {
      throw new Error(`Still waiting after ${TIMEOUT_MS} ms: ${reason}`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
