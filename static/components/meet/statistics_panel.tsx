/**
 * What each link measures: numbers of now, the last minute as lines, all of it to be copied. Beside
 * them stands what the server says of the room, and what it asks of us.
 */
import type { ComponentChildren, JSX } from "preact";
import { useEffect } from "preact/hooks";
import { texts } from "../../browser/settings.ts";
import type { LinkReport } from "../../call/link_report.ts";
import type { Texts } from "../../i18n/en.ts";
import { receivedViews, sentViews } from "../../state/both_views.ts";
import type { Meeting } from "../../state/meeting.ts";
import type { Person } from "../../state/people.ts";
import type { Counters } from "../../state/server_counters.ts";
import { sizesAtServer, sizesText, streamText, wantedText } from "../../state/statistics_text.ts";
import { CopyButton } from "../copy_button.tsx";
import { type NumberRow, NumberRows } from "../number_rows.tsx";
import { Empty } from "../panel.tsx";
import { CountedByBoth } from "./counted_by_both.tsx";

/** The panel. */
export function StatisticsPanel({ meeting }: { meeting: Meeting }): JSX.Element {
  const t = texts.value.meet;
  useEffect(() => meeting.links.counters.watch(), [meeting]);
  const histories = meeting.links.histories.value;
  const others = meeting.people.value.filter(({ userId }) => histories.has(userId));
  return (
    <div class="flex flex-col gap-3">
      {others.length === 0 && <Empty>{t.noStatistics}</Empty>}
      {others.length > 0 && <RoomStatistics meeting={meeting} t={t} />}
      {others.map((person) => (
        <LinkStatistics
          key={person.userId}
          person={person}
          history={histories.get(person.userId) ?? []}
          counters={meeting.links.counters.counters.value}
          t={t}
        />
      ))}
      {others.length > 0 && (
        <CopyButton
          class="self-start"
          text={() => asJson(meeting)}
        >
          {t.copyAsJson}
        </CopyButton>
      )}
    </div>
  );
}

/** What browser and server know, for whoever is to help. */
function asJson({ links }: Meeting): string {
  const server = links.counters.counters.peek();
  const all = { ...Object.fromEntries(links.histories.peek()), ...(server && { server }) };
  return JSON.stringify(all, null, 2);
}

/** How the media travel, what goes to the server once for all, and what it adds up of the room. */
function RoomStatistics(
  { meeting, t }: { meeting: Meeting; t: Texts["meet"] },
): JSX.Element {
  const words = t.statistics;
  const summary = meeting.summary.value;
  const topology = meeting.roster.value.room?.topology === "sfu" ? "sfu" : "mesh";
  const history =
    [...meeting.links.histories.value.values()].find((reports) => reports.at(-1)?.path === "sfu") ??
      [];
  const camera = history.at(-1)?.sent.find(({ slot }) => slot === "camera");
  const screen = history.at(-1)?.sent.find(({ slot }) => slot === "screen");
  const rows: NumberRow[] = [[words.travel, t.topologies[topology]]];
  if (history.length > 0) rows.push(...wayOutRows(history, t));
  if (camera !== undefined) rows.push([words.wanted, wantedText(camera.wantedHeight, t)]);
  if (screen !== undefined) rows.push([words.wantedScreen, wantedText(screen.wantedHeight, t)]);
  if (summary !== undefined) rows.push([words.room, t.kbps(summary.bitrateKbps)]);
  const counters = meeting.links.counters.counters.value;
  if (counters?.estimateKbps !== undefined) {
    rows.push([t.counted.estimate, t.kbps(counters.estimateKbps)]);
  }
  const sizes = sizesText(camera, t);
  const sizesThere = sizesAtServer(counters, t);
  return (
    <Section id="room:" title={t.roomMedia}>
      <NumberRows rows={rows} />
      {sizes !== "" && <Sizes data-sizes title={words.sizes} sizes={sizes} />}
      {sizesThere !== "" && (
        <Sizes data-sizes-at-server title={t.counted.sizes} sizes={sizesThere} />
      )}
      <CountedByBoth streams={sentViews(history.at(-1), counters)} />
    </Section>
  );
}

/** The sizes in which a picture travels at once. */
function Sizes(
  { title, sizes, ...marks }: { title: string; sizes: string } & Record<`data-${string}`, true>,
): JSX.Element {
  return (
    <p class="mt-1 text-xs" {...marks}>
      <span class="text-muted">{title}</span>
      <span class="block font-mono tabular-nums">{sizes}</span>
    </p>
  );
}

function LinkStatistics(
  { person, history, counters, t }: {
    person: Person;
    history: readonly LinkReport[];
    counters: Counters | undefined;
    t: Texts["meet"];
  },
): JSX.Element | null {
  const now = history.at(-1);
  if (now === undefined) return null;
  const words = t.statistics;
  const received = now.received.find(({ slot }) => slot === "camera");
  const lossOf = ({ received: streams }: LinkReport) =>
    Math.max(0, ...streams.map((stream) => stream.loss));
  const jitter = Math.max(0, ...now.received.map(({ jitterMs }) => jitterMs));
  const codecs = [...new Set(now.received.map(({ codec }) => codec))].filter(Boolean).join(", ");
  const isForwarded = now.path === "sfu";
  const rows: readonly NumberRow[] = [
    [words.down, t.kbps(now.kbpsDown), history.map(({ kbpsDown }) => kbpsDown)],
    // What goes to the server goes there once, and stands above.
    ...(isForwarded ? [] : wayOutRows(history, t)),
    [words.loss, t.percent(lossOf(now) * 100), history.map(lossOf)],
    [words.jitter, t.ms(jitter)],
    [words.received, streamText(received)],
    ...(isForwarded ? [[words.asked, wantedText(received?.wantedHeight, t)] as const] : []),
    [words.codec, codecs],
    [words.path, t.paths[now.path]],
  ];
  return (
    <Section id={person.userId} title={person.name}>
      <NumberRows rows={rows} />
      <CountedByBoth streams={receivedViews(person.userId, now, counters)} />
    </Section>
  );
}

/** What is sent on one way. */
function wayOutRows(history: readonly LinkReport[], t: Texts["meet"]): readonly NumberRow[] {
  const now = history.at(-1);
  if (now === undefined) return [];
  const words = t.statistics;
  const sent = now.sent.find(({ slot }) => slot === "camera");
  return [
    [words.up, t.kbps(now.kbpsUp), history.map(({ kbpsUp }) => kbpsUp)],
    [
      words.roundTrip,
      now.roundTripMs === undefined ? "–" : t.ms(now.roundTripMs),
      history.map(({ roundTripMs }) => roundTripMs ?? 0),
    ],
    [words.sent, streamText(sent)],
  ];
}

function Section(
  { id, title, children }: { id: string; title: string; children: ComponentChildren },
): JSX.Element {
  return (
    <section
      aria-labelledby={`statistics-${id}`}
      data-statistics={id}
      class="rounded-xl border border-line p-3"
    >
      <h3 id={`statistics-${id}`} class="mb-2 truncate text-sm font-semibold">
        <bdi>{title}</bdi>
      </h3>
      {children}
    </section>
  );
}
