/**
 * What the page says aloud: one polite region for everything, so that nothing talks over anything
 * else. `say` is for answers to a click; the room's comings and goings are handed in by their page.
 */
import { type Signal, signal } from "@preact/signals";
import type { JSX } from "preact";

const spoken: Signal<{ readonly text: string; readonly turn: number }> = signal({
  text: "",
  turn: 0,
});

/** Says `text`, also when it is what was said last. */
export function say(text: string): void {
  // Peeked at: an effect that says something must not run again because something else was said.
  spoken.value = { text, turn: spoken.peek().turn + 1 };
}

/** The region; each page has one. A new key makes a repeated text a new one. */
export function LiveRegion(): JSX.Element {
  const { text, turn } = spoken.value;
  return (
    <div role="status" aria-live="polite" class="sr-only">
      <span key={turn}>{text}</span>
    </div>
  );
}
