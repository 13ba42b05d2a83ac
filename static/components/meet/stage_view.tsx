/**
 * The stage: measures its place and gives each tile its own. Tiles stay the same elements wherever
 * they go, so no picture starts anew because somebody else came, left or spoke.
 */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { texts } from "../../browser/settings.ts";
import type { Meeting } from "../../state/meeting.ts";
import { isSameTile } from "../../state/stage.ts";
import type { StagePlaces } from "../../state/stage_places.ts";
import { PersonTile, ScreenTile } from "./tile.tsx";

const NOWHERE: StagePlaces = { tiles: [], hidden: 0 };

/** The stage; `onMore` leads to those who have no place. */
export function StageView(
  { meeting, onMore }: { meeting: Meeting; onMore: () => void },
): JSX.Element {
  const t = texts.value.meet;
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (box.current === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry === undefined) return;
      const { width, height } = entry.contentRect;
      meeting.stage.setSize(
        { width: Math.floor(width), height: Math.floor(height) },
        devicePixelRatio,
      );
    });
    observer.observe(box.current);
    return () => observer.disconnect();
  }, [meeting]);
  const people = new Map(meeting.people.value.map((person) => [person.userId, person]));
  const reactions = meeting.reactions.list.value;
  const { tiles, hidden } = meeting.stage.places.value ?? NOWHERE;
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
