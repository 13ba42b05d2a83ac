/** The keys of the test page. */
import type { JSX } from "preact";
import { texts } from "../browser/settings.ts";
import type { Workbench } from "../state/workbench.ts";
import { LOG_LIST_ID } from "./log_list.tsx";
import { type Shortcut, Shortcuts } from "./shortcuts.tsx";

/** The button in the header, its dialog, and the keys. */
export function TestShortcuts({ workbench }: { workbench: Workbench }): JSX.Element {
  const t = texts.value;
  const shortcuts: readonly Shortcut[] = [
    { key: "j", text: (words) => words.shortcutJoin, run: () => focusNow("room-id") },
    { key: "l", text: (words) => words.shortcutLeave, run: () => focusNow("leave") },
    { key: "h", text: (words) => words.shortcutHand, run: () => raiseHand(workbench) },
    { key: "f", text: (words) => words.shortcutFilter, run: () => focusNow("log-filter") },
    { key: "p", text: (words) => words.shortcutPause, run: () => workbench.log.togglePause() },
    { key: "n", text: (words) => words.shortcutLog, run: focusNewestRow },
    { key: "m", text: (words) => words.shortcutRaw, run: () => focusNow("raw-text") },
    { key: "c", text: (words) => words.shortcutChat, run: () => focusNow("chat-text") },
  ];
  const more = [
    { keys: ["↑", "↓", "Enter"], text: t.inLog },
    { keys: ["Ctrl", "Enter"], text: t.inRaw },
  ];
  return <Shortcuts shortcuts={shortcuts} more={more} />;
}

function focusNow(id: string): void {
  document.getElementById(id)?.focus();
}

function raiseHand(workbench: Workbench): void {
  if (workbench.state.peek().phase === "joined") workbench.toggle("hand");
}

function focusNewestRow(): void {
  const list = document.getElementById(LOG_LIST_ID);
  const rows = list?.querySelectorAll<HTMLElement>("[data-log-row]");
  (rows?.[rows.length - 1] ?? list)?.focus();
}
