/** The ladder as four steps, the one that bears the picture marked, each with the time spent on it. */
import type { JSX } from "preact";
import { texts } from "../../browser/settings.ts";
import { durationText } from "../../state/live/durations.ts";
import { rungsOf } from "../../state/live/rungs.ts";
import type { Viewing } from "../../state/live/viewing.ts";
import { Chip } from "../panel.tsx";

/** The steps, best first. */
export function LadderView({ viewing }: { viewing: Viewing }): JSX.Element {
  const t = texts.value.liveRoom;
  const { rung, pathMs, why } = viewing.ways.value;
  return (
    <section aria-labelledby="ladder-title">
      <h2 id="ladder-title" class="mb-2 text-sm font-semibold">{t.howItComes}</h2>
      <ol class="flex flex-col" data-rung={rung ?? ""}>
        {rungsOf(rung, pathMs).map(({ path, isCurrent, spentMs }, index) => (
          <li
            key={path}
            data-step={path}
            aria-current={isCurrent ? "step" : undefined}
            class={`flex items-start gap-2.5 rounded-lg px-2 py-1.5 text-sm ${
              isCurrent ? "bg-accent-soft" : ""
            }`}
          >
            <span
              aria-hidden="true"
              class={`mt-0.5 flex h-5 w-5 shrink-0 items-center justify-center rounded-full text-[11px] font-semibold ${
                isCurrent ? "bg-accent text-on-accent" : "border border-edge text-muted"
              }`}
            >
              {index + 1}
            </span>
            <span class="min-w-0 flex-1">
              <span class={`font-medium ${isCurrent ? "text-accent" : "text-muted"}`}>
                {t.rungs[path]}
              </span>
              {isCurrent && <span class="block text-xs text-pretty">{t.rungHelp[path]}</span>}
            </span>
            <span class="flex shrink-0 flex-col items-end gap-0.5 text-xs">
              {isCurrent && <Chip tone="accent">{t.now}</Chip>}
              {spentMs > 0 && (
                <span class="font-mono tabular-nums text-muted">
                  {t.spent(durationText(spentMs))}
                </span>
              )}
            </span>
          </li>
        ))}
      </ol>
      {why !== undefined && <p class="mt-1.5 px-2 text-xs text-muted text-pretty">{t.why[why]}</p>}
    </section>
  );
}
