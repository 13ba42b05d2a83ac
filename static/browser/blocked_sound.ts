/**
 * Sounds that the browser does not play before somebody has touched the page (its autoplay policy),
 * and the way to play them once somebody has.
 */
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";

const waiting = new Set<HTMLAudioElement>();
const isBlocked: Signal<boolean> = signal(false);

/** Whether there is something that nobody hears. */
export const isSoundBlocked: ReadonlySignal<boolean> = isBlocked;

/** `element` was not played, because of `error`. */
export function noteBlockedSound(element: HTMLAudioElement, error: unknown): void {
  // AbortError: another track took its place, and plays on its own account.
  if (!(error instanceof DOMException) || error.name !== "NotAllowedError") return;
  waiting.add(element);
  isBlocked.value = true;
}

/** Plays what waits; to be called from a click. */
export function playBlockedSound(): void {
  for (const element of waiting) {
    element.play().catch((error) => noteBlockedSound(element, error));
  }
  waiting.clear();
  isBlocked.value = false;
}
