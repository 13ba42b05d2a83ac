/** Tables of what browser and server have counted of streams, side by side, for the statistics panel. */
import type { JSX } from "preact";
import { texts } from "../../browser/settings.ts";
import type { BothViews } from "../../state/both_views.ts";
import { countedRows } from "../../state/statistics_text.ts";

/** A table for each stream; nothing where the server counts none. */
export function CountedByBoth(
  { streams }: { streams: readonly BothViews[] },
): JSX.Element | null {
  if (streams.length === 0) return null;
  return (
    <div class="mt-2 flex flex-col gap-2">
      {streams.map((stream) => <CountedStream key={stream.slot} stream={stream} />)}
    </div>
  );
}

function CountedStream({ stream }: { stream: BothViews }): JSX.Element {
  const { languageTag, meet: t } = texts.value;
  const number = "whitespace-nowrap py-0.5 pl-2 text-right font-mono tabular-nums";
  const head = "w-[32%] pl-2 text-right font-normal text-muted";
  return (
    <table class="w-full table-fixed border-t border-line text-xs" data-counted={stream.slot}>
      <thead>
        <tr>
          <th scope="col" class="py-1 text-left font-semibold">{t.streams[stream.slot]}</th>
          <th scope="col" class={head}>{t.counted.browser}</th>
          <th scope="col" class={head}>{t.counted.server}</th>
        </tr>
      </thead>
      <tbody>
        {countedRows(stream, t, languageTag).map(([name, browser, server]) => (
          <tr key={name} data-count={name}>
            <th scope="row" class="py-0.5 text-left font-normal text-muted">{t.counted[name]}</th>
            <td class={number}>{browser || "–"}</td>
            <td class={number}>{server || "–"}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
