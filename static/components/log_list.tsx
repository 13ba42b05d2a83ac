/**
 * The rows of the log, the newest at the bottom. It follows the newest until somebody scrolls up. The
 * arrow keys go from row to row, so that the list is one stop of the Tab key and not two hundred.
 */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { texts } from "../browser/settings.ts";
import type { LogEntry } from "../state/signaling_log.ts";
import { Button } from "./button.tsx";
import { LogRow } from "./log_row.tsx";
import { Empty } from "./panel.tsx";

/** So many rows are drawn at first, and so many more each time older ones are asked for. */
const ROWS_STEP = 150;
/** More new rows than this in one picture are too many to be read aloud. */
const MAX_SPOKEN_ROWS = 8;
/** Closer to the bottom than this counts as at the bottom. */
const BOTTOM_SLACK_PX = 24;

/** The id of the list, where a shortcut finds it. */
export const LOG_LIST_ID = "log-list";

/** The list. */
export function LogList(
  { entries, total }: { entries: readonly LogEntry[]; total: number },
): JSX.Element {
  const t = texts.value;
  const box = useRef<HTMLDivElement>(null);
  const isFollowing = useSignal(true);
  const rows = useSignal(ROWS_STEP);
  const tabStop = useSignal<number | undefined>(undefined);
  const newestBefore = useRef(0);

  const shown = entries.slice(-rows.value);
  const newest = shown.at(-1)?.id ?? 0;
  const fresh = shown.filter((entry) => entry.id > newestBefore.current).length;
  const stopId = shown.some(({ id }) => id === tabStop.value) ? tabStop.value : newest;
  const older = Math.min(entries.length - shown.length, ROWS_STEP);

  useLayoutEffect(() => {
    newestBefore.current = newest;
    if (isFollowing.value) box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [newest, shown.length, isFollowing.value]);

  return (
    <div class="relative flex min-h-0 flex-1 flex-col">
      <div
        id={LOG_LIST_ID}
        ref={box}
        role="log"
        aria-live="polite"
        aria-busy={fresh > MAX_SPOKEN_ROWS}
        aria-labelledby="log-title"
        tabIndex={shown.length === 0 ? 0 : -1}
        class="relative min-h-0 flex-1 overflow-y-auto rounded-lg border border-line bg-sunken"
        onScroll={(event) => {
          const { scrollHeight, scrollTop, clientHeight } = event.currentTarget;
          isFollowing.value = scrollHeight - scrollTop - clientHeight < BOTTOM_SLACK_PX;
        }}
        onKeyDown={(event) => {
          if (moveBetweenRows(event.currentTarget, event.key)) event.preventDefault();
        }}
        onFocusIn={(event) => {
          const id = event.target instanceof HTMLElement ? event.target.dataset.logRow : undefined;
          if (id !== undefined) tabStop.value = Number(id);
        }}
      >
        {older > 0 && (
          <div class="p-2 text-center">
            <Button size="small" onPress={() => rows.value += ROWS_STEP}>
              {t.showOlder(older)}
            </Button>
          </div>
        )}
        {shown.length === 0 && (
          <div class="px-3">
            <Empty>{total === 0 ? t.logEmpty : t.logNoMatch}</Empty>
          </div>
        )}
        {shown.map((entry) => (
          <LogRow key={entry.id} entry={entry} isTabStop={entry.id === stopId} />
        ))}
      </div>
      {!isFollowing.value && shown.length > 0 && (
        <Button
          class="absolute bottom-3 left-1/2 -translate-x-1/2 shadow-lg"
          size="small"
          icon="in"
          onPress={() => {
            rows.value = ROWS_STEP;
            isFollowing.value = true;
          }}
        >
          {t.toNewest}
        </Button>
      )}
    </div>
  );
}

/** Whether `key` moved the focus. Only from row to row: an opened message keeps its own keys. */
function moveBetweenRows(list: HTMLElement, key: string): boolean {
  const rows = [...list.querySelectorAll<HTMLElement>("[data-log-row]")];
  const index = rows.findIndex((row) => row === document.activeElement);
  if (index < 0) return false;
  const moves: Readonly<Record<string, number>> = {
    ArrowUp: index - 1,
    ArrowDown: index + 1,
    Home: 0,
    End: rows.length - 1,
  };
  const target = moves[key];
  if (target === undefined) return false;
  rows[Math.min(rows.length - 1, Math.max(0, target))]?.focus();
  return true;
}
