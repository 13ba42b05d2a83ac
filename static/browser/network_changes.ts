/** Word that this machine has another network, or one again (W3C netinfo; HTML, navigator.onLine). */

/** Calls `changed` each time; returns what ends that. */
export function watchNetwork(changed: () => void): () => void {
  // Not in every browser, and not in TypeScript's library.
  const { connection } = navigator as { connection?: EventTarget };
  addEventListener("online", changed);
  connection?.addEventListener("change", changed);
  return () => {
    removeEventListener("online", changed);
    connection?.removeEventListener("change", changed);
  };
}
