/** What each link measures: numbers of now, the last minute as lines, all of it to be copied. */
import type { JSX } from "preact";
import { texts } from "../../browser/settings.ts";
import type { LinkReport, StreamReport } from "../../call/link_report.ts";
import type { Texts } from "../../i18n/en.ts";
import { sparkline } from "../../state/link_history.ts";
import type { Meeting } from "../../state/meeting.ts";
import type { Person } from "../../state/people.ts";
import { CopyButton } from "../copy_button.tsx";
import { Empty } from "../panel.tsx";

const BOX = { width: 80, height: 18 };

/** The panel. */
export function StatisticsPanel({ meeting }: { meeting: Meeting }): JSX.Element {
  const t = texts.value.meet;
  const histories = meeting.links.histories.value;
  const others = meeting.people.value.filter(({ userId }) => histories.has(userId));
  return (
    <div class="flex flex-col gap-3">
      {others.length === 0 && <Empty>{t.noStatistics}</Empty>}
      {others.map((person) => (
        <LinkStatistics
          key={person.userId}
          person={person}
          history={histories.get(person.userId) ?? []}
          t={t}
        />
      ))}
      {others.length > 0 && (
        <CopyButton
          class="self-start"
          text={() => JSON.stringify(Object.fromEntries(meeting.links.histories.peek()), null, 2)}
        >
          {t.copyAsJson}
        </CopyButton>
      )}
    </div>
  );
}

function LinkStatistics(
  { person, history, t }: {
    person: Person;
    history: readonly LinkReport[];
    t: Texts["meet"];
  },
): JSX.Element | null {
  const now = history.at(-1);
  if (now === undefined) return null;
  const received = now.received.find(({ slot }) => slot === "camera");
  const sent = now.sent.find(({ slot }) => slot === "camera");
  const lossOf = ({ received: streams }: LinkReport) =>
    Math.max(0, ...streams.map((stream) => stream.loss));
  const jitter = Math.max(0, ...now.received.map(({ jitterMs }) => jitterMs));
  const words = t.statistics;
  const rows: readonly (readonly [string, string, (readonly number[])?])[] = [
    [words.down, t.kbps(now.kbpsDown), history.map(({ kbpsDown }) => kbpsDown)],
    [words.up, t.kbps(now.kbpsUp), history.map(({ kbpsUp }) => kbpsUp)],
    [
      words.roundTrip,
      now.roundTripMs === undefined ? "–" : t.ms(now.roundTripMs),
      history.map(({ roundTripMs }) => roundTripMs ?? 0),
    ],
    [words.loss, t.percent(lossOf(now) * 100), history.map(lossOf)],
    [words.jitter, t.ms(jitter)],
    [words.received, pictureText(received)],
    [words.sent, pictureText(sent)],
    [words.codec, [...new Set(now.received.map(({ codec }) => codec))].filter(Boolean).join(", ")],
    [words.path, t.paths[now.path]],
  ];
  return (
    <section
      aria-labelledby={`statistics-${person.userId}`}
      data-statistics={person.userId}
      class="rounded-xl border border-line p-3"
    >
      <h3 id={`statistics-${person.userId}`} class="mb-2 truncate text-sm font-semibold">
        <bdi>{person.name}</bdi>
      </h3>
      <dl class="grid grid-cols-[auto_1fr] gap-x-3 gap-y-1 text-xs">
        {rows.map(([name, value, values]) => (
          <div key={name} class="contents">
            <dt class="text-muted">{name}</dt>
            <dd class="flex items-center justify-end gap-2 whitespace-nowrap font-mono tabular-nums">
              {values && <Line values={values} />}
              {value || "–"}
            </dd>
          </div>
        ))}
      </dl>
    </section>
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

function pictureText(stream: StreamReport | undefined): string {
  if (stream?.width === undefined || stream.height === undefined) return "";
  const rate = stream.framesPerSecond === undefined
    ? ""
    : ` · ${Math.round(stream.framesPerSecond)}/s`;
  return `${stream.width}×${stream.height}${rate}`;
}
