/** The streams side by side, or why there are none and how there would be. */
import type { JSX } from "preact";
import { texts } from "../../browser/settings.ts";
import { meetingPath } from "../../state/meeting_address.ts";
import { parseRoomId } from "../../state/ids.ts";
import type { StreamsAnswer } from "../../state/streams.ts";
import { MAX_MOVING, type StreamsWall } from "../../state/streams_wall.ts";
import { ButtonLink } from "../button.tsx";
import { StreamTile } from "./stream_tile.tsx";

/** Where a meeting begins that nobody has named. */
const USUAL_MEETING = "/meet/test";

/** The grid. */
export function StreamsGrid({ wall }: { wall: StreamsWall }): JSX.Element {
  const { streams: t } = texts.value;
  const answer = wall.answer.value;
  const tiles = wall.tiles.value;
  if (answer === undefined) return <Notice>{t.looking}</Notice>;
  if (answer.kind !== "streams") return <Notice isProblem>{problemOf(answer)}</Notice>;
  if (tiles.length === 0) return <Nothing wall={wall} />;
  const isAnyRenewed = tiles.some(({ showing }) => showing.kind === "renewed");
  return (
    <>
      {isAnyRenewed && <p class="mb-3 text-sm text-muted">{t.renewedHint(MAX_MOVING)}</p>}
      <ul
        class={`grid gap-4 ${wall.isSingle ? "" : "sm:grid-cols-2 xl:grid-cols-3"}`}
        aria-label={t.title}
      >
        {tiles.map((tile) => <StreamTile key={tile.key} wall={wall} tile={tile} />)}
      </ul>
    </>
  );
}

function Nothing({ wall }: { wall: StreamsWall }): JSX.Element {
  const { streams: t, liveRoom } = texts.value;
  const { room } = wall.rights.value;
  const only = wall.only;
  const roomId = parseRoomId(room);
  const title = only !== undefined
    ? t.emptySingle(only)
    : room === ""
    ? t.emptyAll
    : t.emptyRoom(room);
  return (
    <div class="rounded-xl border border-line bg-surface px-6 py-12 text-center">
      <p class="font-medium">{title}</p>
      <p class="mx-auto mb-5 mt-2 max-w-prose text-sm text-muted text-pretty">{t.emptyHow}</p>
      <div class="flex flex-wrap justify-center gap-2">
        <ButtonLink
          href={roomId === undefined ? USUAL_MEETING : meetingPath(roomId)}
          weight="primary"
        >
          {t.emptyMeeting}
        </ButtonLink>
        <ButtonLink href="/live">{liveRoom.openLive}</ButtonLink>
      </div>
    </div>
  );
}

function Notice(
  { children, isProblem = false }: { children: string; isProblem?: boolean },
): JSX.Element {
  return (
    <p
      class={`rounded-xl border border-line px-6 py-12 text-center text-sm ${
        isProblem ? "bg-warn-soft text-warn" : "bg-surface text-muted"
      }`}
    >
      {children}
    </p>
  );
}

function problemOf(answer: Exclude<StreamsAnswer, { kind: "streams" }>): string {
  const { streams: t, errors } = texts.value;
  if (answer.kind === "unavailable") return t.unavailable;
  return Object.entries(errors).find(([code]) => code === answer.code)?.[1] ?? t.unavailable;
}
