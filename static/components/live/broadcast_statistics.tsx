/** What a broadcast costs and what holds it down, in all and for each viewer. */
import type { JSX } from "preact";
import { texts } from "../../browser/settings.ts";
import type { Broadcast } from "../../state/live/broadcast.ts";
import { streamText } from "../../state/statistics_text.ts";
import { CopyButton } from "../copy_button.tsx";
import { memberText } from "./audience_panel.tsx";
import { type NumberRow, NumberRows } from "../number_rows.tsx";

/** The panel. */
export function BroadcastStatistics({ broadcast }: { broadcast: Broadcast }): JSX.Element {
  const t = texts.value;
  const words = t.liveRoom;
  const { meeting } = broadcast;
  const sent = broadcast.sent.value;
  const available = broadcast.availableKbps.value;
  const topology = meeting.roster.value.room?.topology === "sfu" ? "sfu" : "mesh";
  const relayed = meeting.links.relayed.value;
  const captured = broadcast.captured.value;
  const rows: NumberRow[] = [
    [words.up, t.meet.kbps(broadcast.kbpsUp.value), broadcast.kbpsHistory.value],
    [words.available, available === undefined ? "" : t.meet.kbps(available)],
    [words.picture, streamText(sent)],
    [words.limit, words.limits[sent?.limitedBy ?? "none"]],
    [words.codec, codecsOf(broadcast)],
    [words.travels, words.travelOf[topology]],
  ];
  if (relayed !== undefined && relayed.viewers > 0) {
    rows.push([words.relayed, words.relayedTo(relayed.viewers)]);
  }
  return (
    <div class="flex flex-col gap-4" data-statistics="broadcast">
      <NumberRows rows={rows} />
      {captured && (
        <p class="text-xs text-muted">
          {words.cameraGives(captured.width, captured.height, captured.framesPerSecond)}
        </p>
      )}
      {broadcast.audience.value.length > 0 && (
        <section aria-labelledby="per-viewer-title">
          <h2 id="per-viewer-title" class="mb-1.5 text-sm font-semibold">{words.perViewer}</h2>
          <ul class="flex flex-col gap-1.5">
            {broadcast.audience.value.map((member) => (
              <li key={member.userId} class="text-xs">
                <bdi class="block truncate font-medium">{member.name}</bdi>
                <span class="block text-muted">{memberText(member, t)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <CopyButton
        class="self-start"
        text={() => JSON.stringify(Object.fromEntries(meeting.links.histories.peek()), null, 2)}
      >
        {t.meet.copyAsJson}
      </CopyButton>
    </div>
  );
}

/** Each viewer gets the first codec of the order that it can decode. */
function codecsOf(broadcast: Broadcast): string {
  const streams = [...broadcast.meeting.links.reports.value.values()].flatMap(({ sent }) => sent);
  const pictures = streams.filter(({ slot, codec }) =>
    (slot === "camera" || slot === "screen") && codec !== ""
  );
  return [...new Set(pictures.map(({ codec }) => codec))].join(", ");
}
