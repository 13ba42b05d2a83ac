/** Names and numbers in two columns, with the last minute as a line where there is one. */
import type { JSX } from "preact";
import { sparkline } from "../state/link_history.ts";

const BOX = { width: 80, height: 18 };

/** A name, a value, and how it was in the last minute. */
export type NumberRow = readonly [name: string, value: string, values?: readonly number[]];

/** The rows. */
export function NumberRows({ rows }: { rows: readonly NumberRow[] }): JSX.Element {
  return (
    <dl class="grid grid-cols-[auto_1fr] gap-x-3 gap-y-1.5 text-xs">
      {rows.map(([name, value, values]) => (
        <div key={name} class="contents">
          <dt class="text-muted">{name}</dt>
          <dd class="flex min-w-0 items-center justify-end gap-2 text-right font-mono tabular-nums">
            {values && <Line values={values} />}
            <span>{value || "–"}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** The number beside it says the same, so a screen reader passes it over. */
function Line({ values }: { values: readonly number[] }): JSX.Element {
  return (
    <svg
      viewBox={`0 -1 ${BOX.width} ${BOX.height + 2}`}
      class="h-5 w-20 shrink-0 text-accent"
      aria-hidden="true"
    >
      <polyline
        points={sparkline(values, BOX)}
        fill="none"
        stroke="currentColor"
        stroke-width="1.5"
        stroke-linejoin="round"
      />
    </svg>
  );
}
