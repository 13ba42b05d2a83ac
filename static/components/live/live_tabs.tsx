/** The panels beside the picture, one at a time (WAI-ARIA, tabs pattern): arrows go along the tabs. */
import type { Signal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { focusLater } from "../focus.ts";

/** One panel. */
export interface LiveTab<N extends string> {
  readonly name: N;
  readonly title: string;
  /** Over the corner of its tab: what is new. Default: nothing. */
  readonly count?: number;
  /** The chat has a log of its own to scroll. */
  readonly isWhole?: boolean;
  readonly view: () => ComponentChildren;
}

/** The tabs and the chosen panel. */
export function LiveTabs<N extends string>({ tabs, chosen, label, class: classes = "" }: {
  tabs: readonly LiveTab<N>[];
  chosen: Signal<N>;
  label: string;
  class?: string;
}): JSX.Element {
  const current = tabs.find(({ name }) => name === chosen.value) ?? tabs[0]!;
  const go = (step: number) => {
    const index = tabs.indexOf(current);
    const next = tabs[(index + step + tabs.length) % tabs.length]!;
    chosen.value = next.name;
    focusLater(tabId(next.name));
  };
  return (
    <section
      aria-label={label}
      class={`flex min-w-0 flex-col rounded-xl border border-line bg-surface ${classes}`}
    >
      <div role="tablist" aria-label={label} class="flex shrink-0 border-b border-line px-1">
        {tabs.map(({ name, title, count = 0 }) => (
          <button
            key={name}
            id={tabId(name)}
            type="button"
            role="tab"
            aria-selected={name === current.name}
            aria-controls={PANEL_ID}
            tabIndex={name === current.name ? 0 : -1}
            onClick={() => chosen.value = name}
            onKeyDown={(event) => {
              if (event.key === "ArrowRight") go(1);
              if (event.key === "ArrowLeft") go(-1);
            }}
            class={`-mb-px flex h-11 min-w-0 flex-auto items-center justify-center gap-1 border-b-2 px-1.5 text-xs font-medium sm:text-sm ${
              name === current.name
                ? "border-accent text-accent"
                : "border-transparent text-muted hover:text-ink"
            }`}
          >
            <span class="truncate">{title}</span>
            {count > 0 && (
              <span class="rounded-full bg-accent-soft px-1.5 text-[11px] leading-5 text-accent tabular-nums">
                {count > 99 ? "99+" : count}
              </span>
            )}
          </button>
        ))}
      </div>
      <div
        id={PANEL_ID}
        role="tabpanel"
        aria-labelledby={tabId(current.name)}
        tabIndex={0}
        data-panel={current.name}
        class={`flex min-h-0 flex-1 flex-col p-3 sm:p-4 ${
          current.isWhole ? "" : "overflow-y-auto"
        }`}
      >
        {current.view()}
      </div>
    </section>
  );
}

const PANEL_ID = "live-panel";

/** The id of the tab of a panel. */
export function tabId(name: string): string {
  return `tab-${name}`;
}
