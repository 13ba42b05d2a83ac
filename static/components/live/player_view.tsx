/** The broadcast as a viewer sees it: picture and sound in one element, words over it, controls below. */
import { useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { canFloat, type Player } from "../../browser/player.ts";
import { texts } from "../../browser/settings.ts";
import type { Texts } from "../../i18n/en.ts";
import type { Show, Viewing } from "../../state/live/viewing.ts";
import { Button } from "../button.tsx";
import { Icon } from "../icon.tsx";
import { CallButton } from "../meet/call_button.tsx";
import { ReactionChoice } from "../meet/call_controls.tsx";
import { Floating } from "../meet/tile.tsx";

/** The id of what is shown on the whole screen. */
export const PLAYER_ID = "player";

/** The player; it fills the width, and as much of the height as its place gives it. */
export function PlayerView({ viewing, player, class: classes }: {
  viewing: Viewing;
  player: Player;
  class: string;
}): JSX.Element {
  const t = texts.value.liveRoom;
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (video.current === null) return;
    const element = video.current;
    const detach = player.attach(element);
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) viewing.setHeight(entry.contentRect.height * devicePixelRatio);
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      detach();
    };
  }, []);
  useSignalEffect(() => player.play(viewing.played.value));
  const show = viewing.show.value;
  const isScreen = viewing.broadcaster.value?.state.screen === true;
  const name = viewing.broadcaster.value?.name ?? viewing.broadcaster.value?.userId ?? "";
  return (
    <section
      id={PLAYER_ID}
      aria-label={t.player}
      data-show={show.kind}
      data-source={isScreen ? "screen" : "camera"}
      class={`flex min-w-0 flex-col overflow-hidden rounded-xl bg-tile text-on-tile ${classes}`}
    >
      <div class="relative min-h-0 flex-1">
        <video
          ref={video}
          playsInline
          autoplay
          aria-label={t.pictureOf(name)}
          class="absolute inset-0 h-full w-full object-contain"
        />
        <Words show={show} t={t} />
        <Floating reactions={viewing.meeting.reactions.list.value} />
        {player.isBlocked.value && (
          <div class="absolute inset-0 flex items-center justify-center bg-scrim p-4 text-ink">
            <Button
              id="tap-for-sound"
              weight="primary"
              class="!h-14 !px-6 !text-lg shadow-xl"
              onPress={() => player.setMuted(false)}
            >
              <Icon name="speaker" class="!h-6 !w-6" /> {t.tapForSound}
            </Button>
          </div>
        )}
      </div>
      <PlayerControls viewing={viewing} player={player} />
    </section>
  );
}

/** Why there is no picture. Over one that has stopped it is a line; it may go on at any moment. */
function Words({ show, t }: { show: Show; t: Texts["liveRoom"] }): JSX.Element | null {
  const words = showText(show, t);
  if (words === undefined) return null;
  const isLine = show.kind === "coming";
  return (
    <div
      class={isLine
        ? "absolute inset-x-0 top-3 flex justify-center px-3"
        : "absolute inset-0 flex flex-col items-center justify-center bg-tile p-4 text-center"}
    >
      <div class={isLine ? "rounded-lg bg-scrim px-3 py-1.5 text-sm" : "max-w-[24rem]"}>
        {show.kind !== "dark" && (
          <span
            aria-hidden="true"
            class={`lamp-pulse h-2.5 w-2.5 rounded-full bg-[#f0b03a] ${
              isLine ? "mr-2 inline-block" : "mx-auto mb-3 block"
            }`}
          />
        )}
        <p class={isLine ? "inline font-medium" : "text-lg font-semibold"}>{words.title}</p>
        {!isLine && <p class="mt-1 text-sm opacity-80 text-pretty">{words.help}</p>}
      </div>
    </div>
  );
}

/** The words for what is to be seen; undefined where the picture speaks for itself. */
export function showText(
  show: Show,
  t: Texts["liveRoom"],
): { readonly title: string; readonly help: string } | undefined {
  switch (show.kind) {
    case "away":
      return { title: t.away, help: t.awayHelp };
    case "reconnecting":
      return { title: t.reconnecting, help: t.reconnectingHelp };
    case "dark":
      return { title: t.dark, help: t.darkHelp };
    case "coming":
      return { title: t.coming, help: t.comingHelp };
    case "on":
      return undefined;
  }
}

function PlayerControls(
  { viewing, player }: { viewing: Viewing; player: Player },
): JSX.Element {
  const t = texts.value;
  const isMuted = player.isMuted.value;
  return (
    <div
      role="toolbar"
      aria-label={t.meet.controls}
      class="flex shrink-0 items-center gap-1 bg-surface p-1.5 text-ink sm:gap-2"
    >
      <CallButton
        id="player-sound"
        icon={isMuted ? "speaker-off" : "speaker"}
        look={isMuted ? "off" : "normal"}
        label={t.liveRoom.soundOn}
        shortcut="m"
        isPressed={!isMuted}
        onPress={() => player.setMuted(!isMuted)}
      />
      <input
        id="player-volume"
        type="range"
        min={0}
        max={1}
        step={0.05}
        aria-label={t.liveRoom.volume}
        value={isMuted ? 0 : player.volume.value}
        onInput={(event) => player.setVolume(Number(event.currentTarget.value))}
        class="h-8 w-20 min-w-0 shrink sm:w-28"
      />
      <span class="ml-auto flex items-center gap-1 sm:gap-2">
        <ReactionChoice meeting={viewing.meeting} />
        {canFloat() && (
          <CallButton
            id="player-float"
            icon="floating"
            label={t.liveRoom.pictureInPicture}
            shortcut="p"
            onPress={() => void player.togglePictureInPicture()}
          />
        )}
        <CallButton
          id="player-full"
          icon="full-screen"
          label={t.liveRoom.fullScreen}
          shortcut="f"
          onPress={() => {
            const place = document.getElementById(PLAYER_ID);
            if (place !== null) void player.toggleFullScreen(place);
          }}
        />
      </span>
    </div>
  );
}
