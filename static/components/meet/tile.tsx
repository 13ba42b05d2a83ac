/** One place on the stage: a person or the screen that a person shares. */
import type { ComponentChildren, JSX } from "preact";
import { texts } from "../../browser/settings.ts";
import type { Person } from "../../state/people.ts";
import type { Reaction } from "../../state/reactions.ts";
import type { Rect } from "../../state/layout.ts";
import { Icon, type IconName } from "../icon.tsx";
import { Avatar } from "./avatar.tsx";
import { VideoView } from "./media_view.tsx";
import { QualitySign } from "./quality_sign.tsx";

/** What every tile needs. */
export interface TileProps {
  readonly person: Person;
  readonly rect: Rect;
  readonly isPinned: boolean;
  readonly onPin: () => void;
}

/** A person: camera or initials, name, signs. */
export function PersonTile(
  { person, rect, isPinned, onPin, reactions }: TileProps & { reactions: readonly Reaction[] },
): JSX.Element {
  const t = texts.value.meet;
  const { userId, name, isSelf, state, tracks, isSpeaking } = person;
  const shownName = isSelf ? t.youNamed(name) : name;
  return (
    <TileFrame
      rect={rect}
      id={`person:${userId}`}
      label={shownName}
      isPinned={isPinned}
      onPin={onPin}
      isSpeaking={isSpeaking}
    >
      <span class="flex h-full w-full items-center justify-center">
        <Avatar userId={userId} name={name} size="large" />
      </span>
      {tracks.camera && (
        <VideoView track={tracks.camera} isMirrored={isSelf} label={t.cameraOf(shownName)} />
      )}
      <span class="absolute left-2 top-2 flex gap-1">
        {state.hand && <Sign name="hand" label={t.handUp} tone="!bg-[#f0b03a] !text-[#2b1d00]" />}
        {state.screen && <Sign name="screen" label={t.sharesScreen} />}
        {state.recording && <Sign name="record" label={t.records} tone="!bg-[#b1271f]" />}
      </span>
      <span class="absolute inset-x-2 bottom-2 flex items-center gap-1.5">
        <span class="flex min-w-0 items-center gap-1.5 rounded-md bg-scrim px-2 py-1 text-xs font-medium text-on-tile">
          {!state.audio && <Mark name="microphone-off" label={t.microphoneOff} />}
          {isSpeaking && <Mark name="wave" label={t.speaks} />}
          <bdi class="truncate">{shownName}</bdi>
          {person.isHost && <Mark name="star" label={t.host} />}
          <QualitySign quality={person.quality} />
        </span>
      </span>
      <LinkSign person={person} />
      <Floating reactions={reactions} />
    </TileFrame>
  );
}

/** A screen that somebody shares, all of it. */
export function ScreenTile({ person, rect, isPinned, onPin }: TileProps): JSX.Element {
  const t = texts.value.meet;
  const label = t.screenOf(person.name);
  return (
    <TileFrame
      rect={rect}
      id={`screen:${person.userId}`}
      label={label}
      isPinned={isPinned}
      onPin={onPin}
      isSpeaking={false}
    >
      {person.tracks.screen && <VideoView track={person.tracks.screen} isWhole label={label} />}
      <span class="absolute bottom-2 left-2 max-w-[calc(100%-1rem)] truncate rounded-md bg-scrim px-2 py-1 text-xs font-medium text-on-tile">
        <bdi>{label}</bdi>
      </span>
    </TileFrame>
  );
}

function TileFrame(props: {
  readonly rect: Rect;
  readonly id: string;
  readonly label: string;
  readonly isPinned: boolean;
  readonly isSpeaking: boolean;
  readonly onPin: () => void;
  readonly children: ComponentChildren;
}): JSX.Element {
  const t = texts.value.meet;
  const { rect, label, isPinned, isSpeaking, onPin } = props;
  const isSmall = rect.width < 180;
  return (
    <li
      data-tile={props.id}
      data-speaking={isSpeaking ? "true" : undefined}
      style={{
        left: `${rect.x}px`,
        top: `${rect.y}px`,
        width: `${rect.width}px`,
        height: `${rect.height}px`,
      }}
      class="group tile absolute overflow-hidden rounded-xl bg-tile text-on-tile"
    >
      {props.children}
      {isSpeaking && (
        <span class="pointer-events-none absolute inset-0 rounded-xl border-[3px] border-[#35d399]" />
      )}
      {/* The whole tile is the button, so that a click anywhere on a face pins it. */}
      <button
        type="button"
        aria-pressed={isPinned}
        aria-label={t.pin(label)}
        title={t.pin(label)}
        onClick={onPin}
        class="absolute inset-0 rounded-xl focus-visible:-outline-offset-4"
      >
        <span
          class={`absolute right-1.5 top-1.5 flex items-center justify-center rounded-md bg-scrim transition-opacity group-hover:opacity-100 ${
            isSmall ? "h-7 w-7" : "h-9 w-9"
          } ${isPinned ? "opacity-100" : "opacity-0"}`}
        >
          <Icon name={isPinned ? "pinned" : "pin"} />
        </span>
      </button>
    </li>
  );
}

/** What is wrong with the way to somebody, over their picture. */
function LinkSign({ person }: { person: Person }): JSX.Element | null {
  const t = texts.value.meet;
  if (person.isSelf) return null;
  const text = !person.isConnected
    ? t.theyReconnect
    : person.link === "interrupted" || person.link === "failed"
    ? t.linkInterrupted
    : person.link === "connecting"
    ? t.linkConnecting
    : undefined;
  if (text === undefined) return null;
  return (
    <span
      data-link={person.link}
      class="absolute inset-x-2 top-1/2 mx-auto flex w-fit max-w-[calc(100%-1rem)] -translate-y-1/2 items-center gap-2 rounded-md bg-scrim px-2.5 py-1.5 text-xs text-on-tile"
    >
      <span class="lamp-pulse h-2 w-2 shrink-0 rounded-full bg-[#f0b03a]" />
      <span class="truncate">{text}</span>
    </span>
  );
}

function Sign(
  { name, label, tone = "" }: { name: IconName; label: string; tone?: string },
): JSX.Element {
  return (
    <span
      role="img"
      aria-label={label}
      title={label}
      class={`flex h-7 w-7 items-center justify-center rounded-full bg-scrim text-on-tile ${tone}`}
    >
      <Icon name={name} />
    </span>
  );
}

function Mark({ name, label }: { name: IconName; label: string }): JSX.Element {
  return (
    <span role="img" aria-label={label} title={label} class="shrink-0">
      <Icon name={name} class="!h-3.5 !w-3.5" />
    </span>
  );
}

/** Reactions rise over the picture; a screen reader hears of them by the live region. */
export function Floating({ reactions }: { reactions: readonly Reaction[] }): JSX.Element {
  return (
    <span
      aria-hidden="true"
      class="pointer-events-none absolute inset-x-0 bottom-10 flex justify-center gap-2"
    >
      {reactions.map(({ id, sign }) => (
        <span key={id} class="reaction text-3xl" data-reaction={sign}>{sign}</span>
      ))}
    </span>
  );
}
