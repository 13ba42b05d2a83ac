/** The browser's own question before a tab is closed or reloaded (HTML, `beforeunload`). */

/** Asks from now on, until the function that it returns is called. */
export function warnBeforeLeaving(): () => void {
  const ask = (event: BeforeUnloadEvent) => event.preventDefault();
  addEventListener("beforeunload", ask);
  return () => removeEventListener("beforeunload", ask);
}
