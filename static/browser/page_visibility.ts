/** Word that the page can be seen, or not: another tab is in front, or the window is put away. */

/** Calls `changed` each time, and once at the beginning; returns what ends that. */
export function watchVisibility(changed: (isVisible: boolean) => void): () => void {
  const tell = () => changed(document.visibilityState === "visible");
  document.addEventListener("visibilitychange", tell);
  tell();
  return () => document.removeEventListener("visibilitychange", tell);
}
