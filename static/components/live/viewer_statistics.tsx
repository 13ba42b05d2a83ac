/** How the broadcast comes, why it is slow, and the numbers behind both. */
import type { JSX } from "preact";
import { texts } from "../../browser/settings.ts";
import type { Viewing } from "../../state/live/viewing.ts";
import { streamText } from "../../state/statistics_text.ts";
import { CopyButton } from "../copy_button.tsx";
import { LadderView } from "./ladder_view.tsx";
import { type NumberRow, NumberRows } from "../number_rows.tsx";

/** The panel. */
export function ViewerStatistics({ viewing }: { viewing: Viewing }): JSX.Element {
  const t = texts.value;
  const words = t.liveRoom;
  const reasons = viewing.reasons.value;
  const report = viewing.report.value;
  const userId = viewing.broadcaster.value?.userId;
  const history = userId === undefined
    ? []
    : viewing.meeting.links.histories.value.get(userId) ?? [];
  const picture = report?.received.find(({ slot, height }) =>
    (slot === "camera" || slot === "screen") && height !== undefined
  );
  const drawn = viewing.drawn.value;
  const sent = viewing.sent.value;
  const loss = Math.max(0, ...(report?.received ?? []).map((stream) => stream.loss));
  const rows: NumberRow[] = [
    [
      words.received,
      report === undefined ? "" : t.meet.kbps(report.kbpsDown),
      history.map(({ kbpsDown }) => kbpsDown),
    ],
    [words.picture, streamText(picture)],
    [words.drawn, drawn === undefined ? "" : words.perSecond(Math.round(drawn.framesPerSecond))],
    [words.dropped, drawn === undefined ? "" : t.meet.percent(drawn.dropped * 100)],
    [words.codec, picture?.codec ?? ""],
    [words.loss, report === undefined ? "" : t.meet.percent(loss * 100)],
    [
      words.roundTrip,
      report?.roundTripMs === undefined ? "" : t.meet.ms(report.roundTripMs),
      history.map(({ roundTripMs }) => roundTripMs ?? 0),
    ],
    [words.broadcasterSends, sent === undefined ? "" : words.perSecond(sent.framesPerSecond)],
  ];
  return (
    <div class="flex flex-col gap-5" data-statistics="viewer">
      <LadderView viewing={viewing} />
      <section aria-labelledby="slow-title">
        <h2 id="slow-title" class="mb-1.5 text-sm font-semibold">{words.whySlow}</h2>
        {reasons.length === 0 && <p class="text-sm text-muted">{words.notSlow}</p>}
        <ul class="flex flex-col gap-1.5">
          {reasons.map((reason) => (
            <li
              key={reason}
              data-reason={reason}
              class="rounded-lg bg-warn-soft px-3 py-2 text-sm text-warn text-pretty"
            >
              {words.slow[reason]}
            </li>
          ))}
        </ul>
      </section>
      <NumberRows rows={rows} />
      <CopyButton
        class="self-start"
        text={() =>
          JSON.stringify({ ways: viewing.ways.peek(), reports: history.slice(-10) }, null, 2)}
      >
        {t.meet.copyAsJson}
      </CopyButton>
    </div>
  );
}
