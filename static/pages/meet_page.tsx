/** `/meet/:roomId`: the way into a meeting, the call, and what stands after it. */
import { useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { MeetingExtras } from "../browser/meeting_extras.ts";
import { texts } from "../browser/settings.ts";
import { focusLater } from "../components/focus.ts";
import { LiveRegion, say } from "../components/live_region.tsx";
import { CallView } from "../components/meet/call_view.tsx";
import { endingText, Passage } from "../components/meet/passage.tsx";
import { Prejoin } from "../components/meet/prejoin.tsx";
import { deviceShortcuts } from "../components/meet/device_shortcuts.ts";
import { PageFrame } from "../components/page_frame.tsx";
import { Shortcuts } from "../components/shortcuts.tsx";
import { announcementText } from "../components/announcement_text.ts";
import type { Texts } from "../i18n/en.ts";
import type { Entry } from "../state/entry.ts";
import type { Meeting } from "../state/meeting.ts";
import type { MeetingPhase } from "../state/meeting_phase.ts";

/** The page. */
export function MeetPage(
  { meeting, entry, extras }: { meeting: Meeting; entry: Entry; extras: MeetingExtras },
): JSX.Element {
  const phase = meeting.phase.value;
  useSignalEffect(() => {
    document.title = `${texts.value.meet.titleOf(entry.roomId)} · Signalbox`;
  });
  useSpokenPhase(meeting);
  const announcement = meeting.announcement.value;
  useEffect(() => {
    if (announcement !== undefined) say(announcementText(announcement, texts.peek()));
  }, [announcement]);
  return (
    <>
      {phase.name === "call" ? <CallView meeting={meeting} extras={extras} /> : (
        <PageFrame
          place="meet"
          actions={phase.name === "before" && (
            <span class="hidden md:inline">
              <Shortcuts shortcuts={deviceShortcuts(meeting)} />
            </span>
          )}
        >
          {phase.name === "before"
            ? <Prejoin meeting={meeting} entry={entry} refusal={phase.refusal} />
            : <Passage meeting={meeting} phase={phase} />}
        </PageFrame>
      )}
      <LiveRegion />
    </>
  );
}

/** Says where one stands whenever that changes, and takes the focus along. */
function useSpokenPhase(meeting: Meeting): void {
  const before = useRef<MeetingPhase["name"]>("before");
  useSignalEffect(() => {
    const phase = meeting.phase.value;
    if (phase.name === before.current) return;
    before.current = phase.name;
    const text = spokenPhase(phase, texts.peek());
    if (text !== undefined) say(text);
    if (phase.name === "over") focusLater("rejoin");
    if (phase.name === "before") focusLater("join-meeting");
  });
}

function spokenPhase(phase: MeetingPhase, t: Texts): string | undefined {
  switch (phase.name) {
    case "before":
      return undefined;
    case "entering":
      return t.meet.entering;
    case "retrying":
      return t.errors[phase.refusal.code];
    case "waiting":
      return t.meet.waiting;
    case "call":
      return t.meet.joined;
    case "over":
      return endingText(phase.ending, t).title;
  }
}
