/** The broadcaster's page from the preview to the end. */
import { useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { texts } from "../../browser/settings.ts";
import type { Texts } from "../../i18n/en.ts";
import type { Broadcast } from "../../state/live/broadcast.ts";
import { spacedCode } from "../../state/live/live_address.ts";
import type { Ending, MeetingPhase } from "../../state/meeting_phase.ts";
import { announcementText } from "../announcement_text.ts";
import { focusInPlace, focusLater } from "../focus.ts";
import { say } from "../live_region.tsx";
import { deviceShortcuts } from "../meet/device_shortcuts.ts";
import { PageFrame } from "../page_frame.tsx";
import { Shortcuts } from "../shortcuts.tsx";
import { BroadcastSetup, GO_LIVE_ID } from "./broadcast_setup.tsx";
import { BroadcastView } from "./broadcast_view.tsx";
import { LivePassage, type Passer, viewingEnd } from "./live_passage.tsx";

/** The view of whatever phase the broadcast is in. */
export function Broadcaster({ broadcast }: { broadcast: Broadcast }): JSX.Element {
  const { meeting } = broadcast;
  const phase = meeting.phase.value;
  useSpokenPhase(broadcast);
  const announcement = meeting.announcement.value;
  useEffect(() => {
    if (announcement !== undefined) say(announcementText(announcement, texts.peek()));
  }, [announcement]);
  if (phase.name === "call") return <BroadcastView broadcast={broadcast} />;
  return (
    <PageFrame
      place="live"
      actions={phase.name === "before" && (
        <span class="hidden md:inline">
          <Shortcuts shortcuts={deviceShortcuts(meeting)} />
        </span>
      )}
    >
      {phase.name === "before" && !broadcast.isReturning.value
        ? <BroadcastSetup broadcast={broadcast} refusal={phase.refusal} />
        : (
          <LivePassage
            passer={passerOf(broadcast)}
            // Between two tries to come back there is nothing to fill in.
            phase={phase.name === "before" ? { name: "entering" } : phase}
          />
        )}
    </PageFrame>
  );
}

function passerOf(broadcast: Broadcast): Passer {
  const t = texts.value;
  return {
    meeting: broadcast.meeting,
    entering: broadcast.isReturning.value
      ? { title: t.liveRoom.returning, help: t.liveRoom.returningHelp }
      : { title: t.liveRoom.gettingCode },
    ended: (ending) => broadcastEnd(ending, t),
    giveUp: () => broadcast.giveUp(),
    again: () => ({ text: t.liveRoom.goLiveAgain, run: () => broadcast.again() }),
  };
}

function broadcastEnd(ending: Ending, t: Texts): { title: string; help: string } {
  const isOwnDoing = ending.kind === "left" &&
    (ending.reason === "room-ended" || ending.reason === "left");
  return isOwnDoing
    ? { title: t.liveRoom.endedByYou, help: t.liveRoom.endedHelp }
    : viewingEnd(ending, t);
}

/** Says where one stands whenever that changes, and takes the focus along. */
function useSpokenPhase(broadcast: Broadcast): void {
  const before = useRef<MeetingPhase["name"]>("before");
  useEffect(() => focusInPlace(GO_LIVE_ID), []);
  useSignalEffect(() => {
    const phase = broadcast.meeting.phase.value;
    if (phase.name === before.current) return;
    before.current = phase.name;
    const t = texts.peek();
    if (phase.name === "call") {
      say(t.liveRoom.nowOnAir(spacedCode(broadcast.roomId.peek() ?? "")));
    }
    if (phase.name === "over") {
      say(broadcastEnd(phase.ending, t).title);
      focusLater("live-again");
    }
    if (phase.name === "before") focusInPlace(GO_LIVE_ID);
  });
}
