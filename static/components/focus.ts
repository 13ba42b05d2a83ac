/** Moves the focus to an element by its id, after the page has drawn it. */

/** Focuses the element when the present change is on the screen; nothing if it is not there. */
export function focusLater(id: string): void {
  requestAnimationFrame(() => document.getElementById(id)?.focus());
}

/** The same for what need not be seen at once: the page stays where it is. */
export function focusInPlace(id: string): void {
  requestAnimationFrame(() => document.getElementById(id)?.focus({ preventScroll: true }));
}
