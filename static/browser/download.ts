/** Hands text to the person as a file. */
import { pageClock } from "./page_clock.ts";

/** The browser reads the file after the click; this long it may take. */
const REVOKE_AFTER_MS = 60_000;

/** Downloads `text` as `fileName`. */
export function downloadText(fileName: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "application/x-ndjson" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = fileName;
  link.click();
  pageClock.after(REVOKE_AFTER_MS, () => URL.revokeObjectURL(address));
}
