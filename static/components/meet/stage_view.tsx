/**
 * The stage: measures its place and gives each tile its own. Tiles stay the same elements wherever
 * they go, so no picture starts anew because somebody else came, left or spoke.
 */
import { useComputed, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { texts } from "../../browser/settings.ts";
import { layOutFocus, layOutGrid, type Rect, type StageSize } from "../../state/layout.ts";
import type { Meeting } from "../../state/meeting.ts";
import { isSameTile, placed, type TileKey } from "../../state/stage.ts";
import { PersonTile, ScreenTile } from "./tile.tsx";

/** The stage; `onMore` leads to those who have no place. */
export function StageView(
  { meeting, onMore }: { meeting: Meeting; onMore: () => void },
): JSX.Element {
  const t = texts.value.meet;
  const box = useRef<HTMLDivElement>(null);
  const size = useSignal<StageSize>({ width: 0, height: 0 });
  useEffect(() => {
    if (box.current === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry === undefined) return;
      const { width, height } = entry.contentRect;
      size.value = { width: Math.floor(width), height: Math.floor(height) };
    });
    observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  const places = useComputed(() => givePlaces(meeting, size.value));
  const people = new Map(meeting.people.value.map((person) => [person.userId, person]));
  const reactions = meeting.reactions.list.value;
  const { tiles, hidden } = places.value;
  return (
    <div ref={box} class="relative h-full w-full min-h-0 min-w-0">
      <ul aria-label={t.stage} class="contents">
        {tiles.map(({ tile, rect }) => {
          const person = people.get(tile.userId);
          if (person === undefined) return null;
          const props = {
            person,
            rect,
            isPinned: isSameTile(tile, meeting.stage.pinned.value),
            onPin: () => meeting.stage.togglePin(tile),
          };
          return tile.kind === "screen"
            ? <ScreenTile key={`screen:${tile.userId}`} {...props} />
            : (
              <PersonTile
                key={`person:${tile.userId}`}
                {...props}
                reactions={reactions.filter(({ from }) => from === tile.userId)}
              />
            );
        })}
      </ul>
      {hidden > 0 && (
        <button
          type="button"
          onClick={onMore}
          class="absolute bottom-2 right-2 h-9 rounded-lg bg-accent px-3 text-sm font-medium text-on-accent"
        >
          {t.moreNotShown(hidden)}
        </button>
      )}
    </div>
  );
}

interface Places {
  /** In the order of their names, which never changes with the arrangement. */
  readonly tiles: readonly { readonly tile: TileKey; readonly rect: Rect }[];
  readonly hidden: number;
}

function givePlaces(meeting: Meeting, size: StageSize): Places {
  const { main, rest } = meeting.stage.arrangement.value;
  const layout = main === undefined
    ? layOutGrid(rest.length, size)
    : layOutFocus(rest.length, size);
  const speakerId = meeting.links.speakers.value.active;
  const shown = placed(rest, layout.rest.length, speakerId);
  const tiles = shown.flatMap((tile, index) => {
    const rect = layout.rest[index];
    return rect === undefined ? [] : [{ tile, rect }];
  });
  if (main !== undefined && layout.main !== undefined) {
    tiles.push({ tile: main, rect: layout.main });
  }
  const nameOf = ({ tile }: { tile: TileKey }) => `${tile.kind}:${tile.userId}`;
  tiles.sort((one, other) => nameOf(one) < nameOf(other) ? -1 : 1);
  return { tiles, hidden: rest.length - shown.length };
}
