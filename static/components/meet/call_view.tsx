/** A call: the room above, the stage in the middle, the controls below, one panel at the side. */
import { type Signal, useSignal, useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { MeetingExtras } from "../../browser/meeting_extras.ts";
import { texts } from "../../browser/settings.ts";
import { keepScreenOn } from "../../browser/wake_lock.ts";
import type { Texts } from "../../i18n/en.ts";
import type { Meeting } from "../../state/meeting.ts";
import { Button } from "../button.tsx";
import { CopyLink } from "../copy_link.tsx";
import { focusLater } from "../focus.ts";
import { say } from "../live_region.tsx";
import { Chip } from "../panel.tsx";
import { type Shortcut, Shortcuts } from "../shortcuts.tsx";
import { meetingPath } from "../../state/meeting_address.ts";
import { CallButton, CountBadge } from "./call_button.tsx";
import { CallControls } from "./call_controls.tsx";
import { ConfirmDialog, type Question } from "./confirm_dialog.tsx";
import { deviceShortcuts } from "./device_shortcuts.ts";
import { DevicesDialog } from "./devices_dialog.tsx";
import { SoundOutput } from "./media_view.tsx";
import { NoticeStack } from "./notice_stack.tsx";
import { RecordingButton } from "./recording_button.tsx";
import { type PanelName, SidePanel } from "./side_panel.tsx";
import { StageView } from "./stage_view.tsx";

/** The view. */
export function CallView(
  { meeting, extras }: { meeting: Meeting; extras: MeetingExtras },
): JSX.Element {
  const t = texts.value;
  const panel = useSignal<PanelName | undefined>(undefined);
  const question = useSignal<Question | undefined>(undefined);
  const isChoosingDevices = useSignal(false);
  useEffect(() => {
    focusLater("call-microphone");
    return keepScreenOn();
  }, []);
  useSignalEffect(() => meeting.chat.setOpen(panel.value === "chat"));
  useSpokenCall(meeting);
  const toggle = (name: PanelName) => {
    panel.value = panel.value === name ? undefined : name;
    if (panel.value !== undefined) focusLater(name === "chat" ? "meeting-chat-text" : "side-panel");
  };
  const leave = () => {
    if (!meeting.moderation.isHost.peek()) return meeting.leave();
    question.value = leaveQuestion(meeting, t);
  };
  return (
    <div class="fixed inset-0 flex flex-col">
      <CallHeader meeting={meeting} extras={extras} panel={panel} onToggle={toggle}>
        <Shortcuts shortcuts={callShortcuts(meeting, { toggle, leave })} />
      </CallHeader>
      <main id="content" tabIndex={-1} class="relative flex min-h-0 flex-1 gap-3 px-2 sm:px-3">
        <h1 class="sr-only">{t.meet.titleOf(meeting.roster.value.room?.roomId ?? "")}</h1>
        <div class="relative min-h-0 min-w-0 flex-1">
          <StageView meeting={meeting} onMore={() => panel.value = "people"} />
          <NoticeStack meeting={meeting} />
        </div>
        <SidePanel meeting={meeting} extras={extras} panel={panel} question={question} />
      </main>
      <footer class="relative flex flex-wrap items-center justify-center gap-x-4 gap-y-2 px-1 py-2">
        <CallControls
          meeting={meeting}
          onDevices={() => isChoosingDevices.value = true}
          onLeave={leave}
        >
          {extras.recorder && <RecordingButton recorder={extras.recorder} />}
        </CallControls>
      </footer>
      <Sounds meeting={meeting} />
      <DevicesDialog
        media={meeting.media}
        isOpen={isChoosingDevices.value}
        onClose={() => isChoosingDevices.value = false}
      />
      <ConfirmDialog question={question.value} onClose={() => question.value = undefined} />
    </div>
  );
}

function CallHeader({ meeting, extras, panel, onToggle, children }: {
  meeting: Meeting;
  extras: MeetingExtras;
  panel: Signal<PanelName | undefined>;
  onToggle: (name: PanelName) => void;
  children: JSX.Element;
}): JSX.Element {
  const t = texts.value;
  const { room, participants } = meeting.roster.value;
  const { stage } = meeting;
  const isGrid = stage.view.value === "grid";
  const recorders = meeting.people.value.filter(({ state }) => state.recording).length;
  const watching = meeting.links.relayed.value?.viewers ?? 0;
  const roomId = room?.roomId ?? "";
  return (
    <header class="flex items-center gap-2 px-2 py-2 sm:px-3">
      <p class="flex min-w-0 items-center gap-1">
        <bdi class="truncate font-mono text-sm font-semibold">{roomId}</bdi>
        <CopyLink
          path={meetingPath(roomId)}
          label={t.meet.copyLink}
          done={t.meet.linkCopied}
        />
      </p>
      <ConnectionSign meeting={meeting} />
      <span class="hidden gap-1.5 sm:inline-flex">
        {room?.locked && <Chip tone="warn">{t.meet.locked}</Chip>}
        {room?.lobby && <Chip>{t.meet.lobbyOn}</Chip>}
      </span>
      {watching > 0 && <Chip>{t.meet.watchedOverHttp(watching)}</Chip>}
      {recorders > 0 && <Chip tone="danger">{t.meet.recording}</Chip>}
      <span class="ml-auto flex items-center gap-1 sm:gap-2">
        <span class="hidden md:inline">{children}</span>
        <CallButton
          icon={isGrid ? "grid" : "focus"}
          label={isGrid ? t.meet.toSpeakerView : t.meet.toGridView}
          shortcut="g"
          onPress={() => stage.chooseView(isGrid ? "speaker" : "grid")}
        />
        <CallButton
          id="toggle-statistics"
          icon="chart"
          label={t.meet.connectionQuality}
          isPressed={panel.value === "statistics"}
          look={panel.value === "statistics" ? "on" : "normal"}
          onPress={() => onToggle("statistics")}
        />
        <CallButton
          id="toggle-files"
          icon="file"
          label={t.extras.files}
          isPressed={panel.value === "files"}
          look={panel.value === "files" ? "on" : "normal"}
          onPress={() => onToggle("files")}
        >
          <CountBadge count={extras.transfers.waitingOffers.value} />
        </CallButton>
        <CallButton
          id="toggle-people"
          icon="people"
          label={t.meet.peopleCount(participants.length, meeting.moderation.knocks.value.length)}
          shortcut="p"
          isPressed={panel.value === "people"}
          look={panel.value === "people" ? "on" : "normal"}
          onPress={() => onToggle("people")}
        >
          <CountBadge count={meeting.moderation.knocks.value.length} />
        </CallButton>
        <CallButton
          id="toggle-chat"
          icon="chat"
          label={t.meet.chatUnread(meeting.chat.unread.value)}
          shortcut="c"
          isPressed={panel.value === "chat"}
          look={panel.value === "chat" ? "on" : "normal"}
          onPress={() => onToggle("chat")}
        >
          <CountBadge count={meeting.chat.unread.value} />
        </CallButton>
      </span>
    </header>
  );
}

/** Nothing while all is well: the media go on without the server, but nobody can come or go. */
export function ConnectionSign({ meeting }: { meeting: Meeting }): JSX.Element | null {
  const t = texts.value;
  const { phase } = meeting.connection.value;
  if (phase === "joined") return null;
  return (
    <span
      role="status"
      data-connection={phase}
      class="flex min-w-0 items-center gap-2 rounded-lg bg-warn-soft px-2 py-1 text-xs font-medium text-warn"
    >
      <span aria-hidden="true" class="lamp-pulse h-2 w-2 shrink-0 rounded-full bg-lamp-wait" />
      <span class="truncate">{t.phaseReconnecting}</span>
      {phase === "reconnecting" && (
        <Button size="small" onPress={() => meeting.reconnectNow()}>{t.connectNow}</Button>
      )}
    </span>
  );
}

/** Everything that is heard, apart from the tiles: who has no place on the stage is heard too. */
function Sounds({ meeting }: { meeting: Meeting }): JSX.Element {
  const speakerId = meeting.media.chosen("speaker").value;
  const others = meeting.people.value.filter(({ isSelf }) => !isSelf);
  return (
    <div hidden>
      {others.flatMap(({ userId, tracks }) =>
        (["microphone", "screenSound"] as const).map((slot) => {
          const track = tracks[slot];
          return track && (
            <SoundOutput
              key={`${userId}:${slot}`}
              track={track}
              speakerId={speakerId}
              data-sound={`${slot}:${userId}`}
            />
          );
        })
      )}
    </div>
  );
}

function leaveQuestion(meeting: Meeting, t: Texts): Question {
  return {
    title: t.meet.leaveTitle,
    text: t.meet.leaveText,
    answers: [
      { text: t.meet.endForAll, weight: "danger", run: () => void meeting.moderation.endForAll() },
      { text: t.meet.leave, weight: "primary", run: () => meeting.leave() },
    ],
  };
}

function callShortcuts(
  meeting: Meeting,
  { toggle, leave }: { toggle: (name: PanelName) => void; leave: () => void },
): readonly Shortcut[] {
  const { stage } = meeting;
  const press = (id: string) => () => document.getElementById(id)?.click();
  return [
    ...deviceShortcuts(meeting),
    { key: "s", text: ({ meet }) => meet.keyShare, run: press("call-share") },
    { key: "h", text: ({ meet }) => meet.keyHand, run: press("call-hand") },
    { key: "r", text: ({ meet }) => meet.keyReact, run: press("call-react") },
    {
      key: "g",
      text: ({ meet }) => meet.keyView,
      run: () => stage.chooseView(stage.view.peek() === "grid" ? "speaker" : "grid"),
    },
    { key: "p", text: ({ meet }) => meet.keyPeople, run: () => toggle("people") },
    { key: "c", text: ({ meet }) => meet.keyChat, run: () => toggle("chat") },
    { key: "l", text: ({ meet }) => meet.keyLeave, run: leave },
  ];
}

/** Says aloud what somebody who does not look has to know. */
function useSpokenCall(meeting: Meeting): void {
  useSignalEffect(() => {
    const line = meeting.chat.newest.value;
    if (line !== undefined) say(texts.peek().meet.chatFrom(line.name));
  });
  useSignalEffect(() => {
    const { knocks, isHost } = meeting.moderation;
    const newest = knocks.value.at(-1);
    if (newest !== undefined && isHost.value) say(texts.peek().meet.knockFrom(newest.name));
  });
  useSignalEffect(() => {
    const reaction = meeting.reactions.list.value.at(-1);
    const person = meeting.people.peek().find(({ userId }) => userId === reaction?.from);
    if (reaction === undefined || person === undefined || person.isSelf) return;
    say(`${person.name} ${reaction.sign}`);
  });
}
