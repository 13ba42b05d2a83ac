/** Watching: the player, the chat and the statistics beside it, below it on a phone. */
import { useSignal, useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { Player } from "../../browser/player.ts";
import { texts } from "../../browser/settings.ts";
import { keepScreenOn } from "../../browser/wake_lock.ts";
import { spacedCode } from "../../state/live/live_address.ts";
import type { Show, Viewing } from "../../state/live/viewing.ts";
import { Button } from "../button.tsx";
import { focusLater } from "../focus.ts";
import { Icon } from "../icon.tsx";
import { say } from "../live_region.tsx";
import { ConnectionSign } from "../meet/call_view.tsx";
import { MeetingChatPanel } from "../meet/meeting_chat_panel.tsx";
import { NoticeStack } from "../meet/notice_stack.tsx";
import { type Shortcut, Shortcuts } from "../shortcuts.tsx";
import { LiveTabs, tabId } from "./live_tabs.tsx";
import { OnAirSign } from "./on_air_sign.tsx";
import { PlayerView, showText } from "./player_view.tsx";
import { ViewerStatistics } from "./viewer_statistics.tsx";

type PanelName = "chat" | "statistics";

/** The view. */
export function ViewerView({ viewing }: { viewing: Viewing }): JSX.Element {
  const t = texts.value;
  const { meeting } = viewing;
  const panel = useSignal<PanelName>("chat");
  const player = useMemo(() => new Player((drawn) => viewing.setDrawn(drawn)), [viewing]);
  const broadcasterId = viewing.broadcaster.value?.userId;
  useEffect(() => {
    focusLater("player-sound");
    return keepScreenOn();
  }, []);
  useSignalEffect(() => meeting.chat.setOpen(panel.value === "chat"));
  useSpokenShow(viewing);
  const show = (name: PanelName) => {
    panel.value = name;
    focusLater(name === "chat" && !viewing.isMuted.peek() ? "meeting-chat-text" : tabId(name));
  };
  const isOn = broadcasterId !== undefined;
  return (
    <div class="fixed inset-0 flex flex-col">
      <header class="flex items-center gap-2 px-2 py-2 sm:px-3">
        {isOn && <OnAirSign />}
        <bdi class="font-mono text-lg font-semibold tracking-wide">
          {spacedCode(viewing.roomId)}
        </bdi>
        <ConnectionSign meeting={meeting} />
        <span class="ml-auto flex shrink-0 items-center gap-2">
          <span
            role="img"
            aria-label={t.liveRoom.viewers(viewing.viewerCount.value)}
            title={t.liveRoom.viewers(viewing.viewerCount.value)}
            class="inline-flex items-center gap-1 text-sm font-medium tabular-nums"
          >
            <Icon name="people" /> {viewing.viewerCount.value}
          </span>
          <span class="hidden md:inline">
            <Shortcuts shortcuts={shortcutsOf(show)} />
          </span>
          <Button
            id="stop-watching"
            icon="leave"
            label={t.liveRoom.leave}
            onPress={() => viewing.leave()}
          />
        </span>
      </header>
      <main
        id="content"
        tabIndex={-1}
        class="flex min-h-0 flex-1 flex-col gap-2 px-2 pb-2 sm:(flex-row gap-3 px-3 pb-3)"
      >
        <h1 class="sr-only">{t.liveRoom.titleOf(spacedCode(viewing.roomId))}</h1>
        <div class="relative h-[44vh] w-full shrink-0 sm:(h-auto w-auto min-w-0 flex-1 shrink)">
          <PlayerView viewing={viewing} player={player} class="h-full" />
          <NoticeStack meeting={meeting} />
        </div>
        <LiveTabs
          label={t.liveRoom.title}
          chosen={panel}
          class="min-h-0 flex-1 sm:(w-[19rem] flex-none) lg:w-[23rem]"
          tabs={[
            {
              name: "chat",
              title: t.liveRoom.chatTab,
              count: meeting.chat.unread.value,
              isWhole: true,
              view: () => (
                <MeetingChatPanel
                  meeting={meeting}
                  mayWriteTo={(userId) => userId === broadcasterId}
                  closed={viewing.isMuted.value ? t.liveRoom.mutedByBroadcaster : undefined}
                />
              ),
            },
            {
              name: "statistics",
              title: t.liveRoom.statisticsTab,
              view: () => <ViewerStatistics viewing={viewing} />,
            },
          ]}
        />
      </main>
    </div>
  );
}

/** Says aloud what somebody who does not look has to know. */
function useSpokenShow(viewing: Viewing): void {
  const before = useRef<Show["kind"]>("on");
  useSignalEffect(() => {
    const show = viewing.show.value;
    if (show.kind === before.current) return;
    before.current = show.kind;
    const words = showText(show, texts.peek().liveRoom);
    if (words !== undefined) say(words.title);
  });
  useSignalEffect(() => {
    if (viewing.isMuted.value) say(texts.peek().liveRoom.mutedByBroadcaster);
  });
  useSignalEffect(() => {
    const line = viewing.meeting.chat.newest.value;
    if (line !== undefined) say(texts.peek().meet.chatFrom(line.name));
  });
}

function shortcutsOf(show: (name: PanelName) => void): readonly Shortcut[] {
  const press = (id: string) => () => document.getElementById(id)?.click();
  return [
    { key: "m", text: ({ liveRoom }) => liveRoom.keySound, run: press("player-sound") },
    { key: "f", text: ({ liveRoom }) => liveRoom.keyFullScreen, run: press("player-full") },
    { key: "p", text: ({ liveRoom }) => liveRoom.keyPictureInPicture, run: press("player-float") },
    { key: "r", text: ({ meet }) => meet.keyReact, run: press("call-react") },
    { key: "c", text: ({ liveRoom }) => liveRoom.keyChat, run: () => show("chat") },
    { key: "i", text: ({ liveRoom }) => liveRoom.keyStatistics, run: () => show("statistics") },
  ];
}
