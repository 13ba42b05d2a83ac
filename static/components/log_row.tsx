/** One message of the log: a line, and when it is opened, the message in full. */
import { memo } from "preact/compat";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { texts } from "../browser/settings.ts";
import type { Texts } from "../i18n/en.ts";
import { toJsonLine } from "../state/log_export.ts";
import type { LogEntry } from "../state/signaling_log.ts";
import { visibleText } from "../state/visible_text.ts";
import { CopyButton } from "./copy_button.tsx";
import { Icon } from "./icon.tsx";

/** A line never shows more than this of a message; nobody reads further without opening it. */
const MAX_PREVIEW_LENGTH = 300;
/** An opened message is cut here: the page must stay usable with one that fills the wire's bound. */
const MAX_OPEN_LENGTH = 100_000;

/** A row; drawn once for each entry, because entries never change. */
export const LogRow: typeof Row = memo(Row);

function Row({ entry, isTabStop }: { entry: LogEntry; isTabStop: boolean }): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const t = texts.value;
  const isError = entry.type === "error";
  return (
    <details
      class="border-b border-line last:border-b-0"
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary
        data-log-row={entry.id}
        tabIndex={isTabStop ? 0 : -1}
        class="grid cursor-pointer grid-cols-[auto_auto_minmax(0,1fr)] items-baseline gap-x-2 px-3 py-1 font-mono text-xs leading-5 hover:bg-canvas focus-visible:(outline-offset-[-2px]) lg:grid-cols-[auto_auto_6.5rem_8.75rem_minmax(0,1fr)]"
      >
        <time class="tabular-nums text-muted" dateTime={new Date(entry.at).toISOString()}>
          {timeOf(entry.at)}
        </time>
        <span
          class={`flex self-center ${entry.direction === "out" ? "text-outbound" : "text-inbound"}`}
        >
          <Icon name={entry.direction} class="!h-3.5 !w-3.5" />
          <span class="sr-only">{directionText(entry, t)}</span>
        </span>
        <span class="flex min-w-0 gap-2 lg:contents">
          <bdi class="max-w-[55%] shrink-0 truncate text-muted lg:max-w-none" aria-hidden="true">
            {visibleText(entry.user)}
          </bdi>
          <span
            data-log-type
            class={`min-w-0 truncate font-semibold ${isError ? "text-danger" : ""}`}
          >
            {visibleText(entry.type)}
          </span>
        </span>
        <span class="col-span-3 truncate text-muted lg:col-span-1" dir="ltr">
          {visibleText(previewOf(entry))}
        </span>
      </summary>
      {isOpen && (
        <div class="relative bg-canvas px-3 py-2">
          <CopyButton
            size="small"
            class="float-right ml-2"
            label={t.copy}
            text={() => toJsonLine(entry)}
          />
          <pre
            class="max-h-80 overflow-auto whitespace-pre-wrap font-mono text-xs leading-5 wrap-anywhere"
            dir="ltr"
          >
            {visibleText((JSON.stringify(entry.message, null, 2) ?? "null").slice(0, MAX_OPEN_LENGTH))}
          </pre>
        </div>
      )}
    </details>
  );
}

/** The message without its type, which stands beside it. */
function previewOf(entry: LogEntry): string {
  const head = `{"type":${JSON.stringify(entry.type)}`;
  const rest = entry.json.startsWith(head) ? entry.json.slice(head.length) : entry.json;
  if (rest === "}") return "{}";
  return (rest.startsWith(",") ? `{${rest.slice(1)}` : rest).slice(0, MAX_PREVIEW_LENGTH);
}

function directionText(entry: LogEntry, t: Texts): string {
  return entry.direction === "out" ? t.sentBy(entry.user) : t.receivedBy(entry.user);
}

/** Hours to milliseconds in the person's zone, the same width whatever the language. */
function timeOf(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, "0");
  const milliseconds = String(date.getMilliseconds()).padStart(3, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}:${
    two(date.getSeconds())
  }.${milliseconds}`;
}
