/** On air: the own picture, the code and who watches beside it, the controls below. */
import { useSignal, useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { warnBeforeLeaving } from "../../browser/leave_warning.ts";
import { texts } from "../../browser/settings.ts";
import { keepScreenOn } from "../../browser/wake_lock.ts";
import type { Broadcast } from "../../state/live/broadcast.ts";
import { livePath, spacedCode } from "../../state/live/live_address.ts";
import { CopyLink } from "../copy_link.tsx";
import { focusLater } from "../focus.ts";
import { Icon } from "../icon.tsx";
import { say } from "../live_region.tsx";
import { CallButton } from "../meet/call_button.tsx";
import { ConnectionSign } from "../meet/call_view.tsx";
import { ConfirmDialog, type Question } from "../meet/confirm_dialog.tsx";
import { DevicesDialog } from "../meet/devices_dialog.tsx";
import { MediaFaults } from "../meet/media_fault.tsx";
import { MeetingChatPanel } from "../meet/meeting_chat_panel.tsx";
import { NoticeStack } from "../meet/notice_stack.tsx";
import { Floating } from "../meet/tile.tsx";
import { Chip } from "../panel.tsx";
import { type Shortcut, Shortcuts } from "../shortcuts.tsx";
import { AudiencePanel } from "./audience_panel.tsx";
import { BroadcastPicture } from "./broadcast_picture.tsx";
import { BroadcastStatistics } from "./broadcast_statistics.tsx";
import { LiveTabs, tabId } from "./live_tabs.tsx";
import { OnAirSign } from "./on_air_sign.tsx";
import { QualityChoice } from "./quality_choice.tsx";
import { SharePanel } from "./share_panel.tsx";
import { SourceButtons } from "./source_buttons.tsx";

type PanelName = "share" | "viewers" | "chat" | "statistics";

/** The view. */
export function BroadcastView({ broadcast }: { broadcast: Broadcast }): JSX.Element {
  const t = texts.value;
  const { meeting } = broadcast;
  const panel = useSignal<PanelName>("share");
  const question = useSignal<Question | undefined>(undefined);
  const isChoosing = useSignal(false);
  const roomId = broadcast.roomId.value ?? "";
  useEffect(() => {
    focusLater("live-microphone");
    const ends = [keepScreenOn(), warnBeforeLeaving()];
    return () => ends.forEach((end) => end());
  }, []);
  useSignalEffect(() => meeting.chat.setOpen(panel.value === "chat"));
  useSignalEffect(() => {
    const line = meeting.chat.newest.value;
    if (line !== undefined) say(texts.peek().meet.chatFrom(line.name));
  });
  const end = () => question.value = endQuestion(broadcast);
  const show = (name: PanelName) => {
    panel.value = name;
    focusLater(name === "chat" ? "meeting-chat-text" : tabId(name));
  };
  return (
    <div class="fixed inset-0 flex flex-col">
      <Header broadcast={broadcast} roomId={roomId}>
        <Shortcuts shortcuts={shortcutsOf(broadcast, { show, end })} />
      </Header>
      <main
        id="content"
        tabIndex={-1}
        class="flex min-h-0 flex-1 flex-col gap-2 px-2 sm:(flex-row gap-3 px-3)"
      >
        <h1 class="sr-only">{t.liveRoom.onAirTitle(spacedCode(roomId))}</h1>
        <div class="relative aspect-video max-h-[34vh] w-full shrink-0 overflow-hidden rounded-xl bg-tile text-on-tile sm:(aspect-auto max-h-full w-auto min-w-0 flex-1 shrink)">
          <BroadcastPicture broadcast={broadcast} />
          <Floating reactions={meeting.reactions.list.value} />
          <div class="text-ink">
            <NoticeStack meeting={meeting} />
          </div>
        </div>
        <LiveTabs
          label={t.liveRoom.title}
          chosen={panel}
          class="min-h-0 flex-1 sm:(w-[19rem] flex-none) lg:w-[23rem]"
          tabs={[
            {
              name: "share",
              title: t.liveRoom.shareTab,
              view: () => <SharePanel roomId={roomId} />,
            },
            {
              name: "viewers",
              title: t.liveRoom.viewersTab,
              count: broadcast.viewerCount.value,
              view: () => <AudiencePanel broadcast={broadcast} question={question} />,
            },
            {
              name: "chat",
              title: t.liveRoom.chatTab,
              count: meeting.chat.unread.value,
              isWhole: true,
              view: () => <MeetingChatPanel meeting={meeting} />,
            },
            {
              name: "statistics",
              title: t.liveRoom.statisticsTab,
              view: () => <BroadcastStatistics broadcast={broadcast} />,
            },
          ]}
        />
      </main>
      <footer class="px-2 py-2 sm:px-3">
        <MediaFaults media={meeting.media} />
        <Controls
          broadcast={broadcast}
          onSettings={() => isChoosing.value = true}
          onEnd={end}
        />
      </footer>
      <DevicesDialog
        media={meeting.media}
        isOpen={isChoosing.value}
        onClose={() => isChoosing.value = false}
        title={t.liveRoom.settings}
        kinds={["camera", "microphone"]}
      >
        <QualityChoice broadcast={broadcast} id="quality-on-air" />
      </DevicesDialog>
      <ConfirmDialog question={question.value} onClose={() => question.value = undefined} />
    </div>
  );
}

function Header({ broadcast, roomId, children }: {
  broadcast: Broadcast;
  roomId: string;
  children: JSX.Element;
}): JSX.Element {
  const t = texts.value;
  const { meeting } = broadcast;
  return (
    <header class="flex items-center gap-2 px-2 py-2 sm:px-3">
      <OnAirSign since={broadcast.startedAt.value} />
      <p class="flex shrink-0 items-center">
        <bdi class="font-mono text-lg font-semibold tracking-wide">{spacedCode(roomId)}</bdi>
        <CopyLink
          path={livePath(roomId)}
          label={t.liveRoom.copyLink}
          done={t.liveRoom.linkCopied}
        />
      </p>
      <ConnectionSign meeting={meeting} />
      <span class="ml-auto flex shrink-0 items-center gap-2">
        {meeting.roster.value.room?.locked && <Chip tone="warn">{t.meet.locked}</Chip>}
        <span
          role="img"
          aria-label={t.liveRoom.viewers(broadcast.viewerCount.value)}
          title={t.liveRoom.viewers(broadcast.viewerCount.value)}
          data-viewer-count={broadcast.viewerCount.value}
          class="inline-flex items-center gap-1 text-sm font-medium tabular-nums"
        >
          <Icon name="people" /> {broadcast.viewerCount.value}
        </span>
        <span class="hidden md:inline">{children}</span>
      </span>
    </header>
  );
}

function Controls({ broadcast, onSettings, onEnd }: {
  broadcast: Broadcast;
  onSettings: () => void;
  onEnd: () => void;
}): JSX.Element {
  const t = texts.value;
  return (
    <div
      role="toolbar"
      aria-label={t.meet.controls}
      class="flex flex-wrap items-center justify-center gap-2"
    >
      <SourceButtons broadcast={broadcast} id="live" />
      <CallButton
        id="live-settings"
        icon="settings"
        label={t.liveRoom.settings}
        onPress={onSettings}
      />
      <CallButton
        id="live-end"
        icon="stop"
        look="leave"
        label={t.liveRoom.end}
        shortcut="e"
        onPress={onEnd}
      />
    </div>
  );
}

function endQuestion(broadcast: Broadcast): Question {
  const t = texts.peek().liveRoom;
  return {
    title: t.endTitle,
    text: t.endText,
    answers: [{ text: t.endNow, weight: "danger", run: () => broadcast.end() }],
  };
}

function shortcutsOf(
  broadcast: Broadcast,
  { show, end }: { show: (name: PanelName) => void; end: () => void },
): readonly Shortcut[] {
  const { media } = broadcast.meeting;
  return [
    {
      key: "m",
      text: ({ liveRoom }) => liveRoom.keyMicrophone,
      run: () => void media.setMicrophone(!media.isMicrophoneSwitchedOn.peek()),
    },
    {
      key: "v",
      text: ({ liveRoom }) => liveRoom.keyCamera,
      run: () => void broadcast.toggleCamera(),
    },
    {
      key: "s",
      text: ({ liveRoom }) => liveRoom.keyScreen,
      run: () => void broadcast.toggleScreen(),
    },
    { key: "l", text: ({ liveRoom }) => liveRoom.keyShare, run: () => show("share") },
    { key: "p", text: ({ liveRoom }) => liveRoom.keyViewers, run: () => show("viewers") },
    { key: "c", text: ({ liveRoom }) => liveRoom.keyChat, run: () => show("chat") },
    { key: "i", text: ({ liveRoom }) => liveRoom.keyStatistics, run: () => show("statistics") },
    { key: "e", text: ({ liveRoom }) => liveRoom.keyEnd, run: end },
  ];
}
