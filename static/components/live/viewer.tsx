/** The viewer's page from the link to the end. */
import { useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo, useRef } from "preact/hooks";
import { MAX_PASSCODE_LENGTH } from "../../../src/protocol/limits.ts";
import { texts } from "../../browser/settings.ts";
import { spacedCode } from "../../state/live/live_address.ts";
import type { Viewing } from "../../state/live/viewing.ts";
import type { MeetingPhase, Refusal } from "../../state/meeting_phase.ts";
import { Button } from "../button.tsx";
import { TextField } from "../field.tsx";
import { focusLater } from "../focus.ts";
import { say } from "../live_region.tsx";
import { PageFrame } from "../page_frame.tsx";
import { PassageCard } from "../passage_card.tsx";
import { CODE_FIELD_ID } from "./code_field.tsx";
import { LivePassage, type Passer, viewingEnd } from "./live_passage.tsx";
import { RefusalNote, refusalText } from "./refusal_note.tsx";
import { ViewerView } from "./viewer_view.tsx";
import { WatchForm } from "./watch_form.tsx";

const PASSCODE_ID = "live-passcode";

/** The view of whatever phase the viewing is in. */
export function Viewer({ viewing }: { viewing: Viewing }): JSX.Element {
  const phase = viewing.meeting.phase.value;
  useSpokenPhase(viewing);
  if (phase.name === "call") return <ViewerView viewing={viewing} />;
  return (
    <PageFrame place="live">
      {phase.name === "before"
        ? <Refused viewing={viewing} refusal={phase.refusal} />
        : <LivePassage passer={passerOf(viewing)} phase={phase} />}
    </PageFrame>
  );
}

/** No way in: the same code may be tried again, or another one. */
function Refused(
  { viewing, refusal }: { viewing: Viewing; refusal: Refusal | undefined },
): JSX.Element {
  const t = texts.value.liveRoom;
  return (
    <PassageCard title={t.titleOf(spacedCode(viewing.roomId))} isBusy={false}>
      {refusal && <RefusalNote refusal={refusal} of="viewing" />}
      {refusal?.code === "bad-passcode"
        ? <PasscodeForm viewing={viewing} />
        : <Button id="try-again" class="mt-3" onPress={() => viewing.begin()}>{t.tryAgain}</Button>}
      <h2 class="mb-2 mt-6 text-sm font-semibold">{t.otherCode}</h2>
      <WatchForm />
    </PassageCard>
  );
}

function PasscodeForm({ viewing }: { viewing: Viewing }): JSX.Element {
  const t = texts.value.liveRoom;
  // What is being typed is not wrong yet: the one that was refused is.
  const refused = useMemo(() => viewing.passcode.peek(), []);
  return (
    <form
      class="mt-3 flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        viewing.begin();
      }}
    >
      <TextField
        id={PASSCODE_ID}
        label={t.passcode}
        value={viewing.passcode.value}
        maxLength={MAX_PASSCODE_LENGTH}
        onInput={(text) => viewing.passcode.value = text}
        error={refused !== "" && viewing.passcode.value === refused ? t.passcodeWrong : undefined}
      />
      <Button isSubmit weight="primary" class="self-start">{t.watchNow}</Button>
    </form>
  );
}

function passerOf(viewing: Viewing): Passer {
  const t = texts.value;
  return {
    meeting: viewing.meeting,
    entering: { title: t.liveRoom.entering },
    ended: (ending) => viewingEnd(ending, t),
    giveUp: () => viewing.meeting.cancel(),
    again: (ending) => {
      const isOut = ending.kind === "left" &&
        (ending.reason === "kicked" || ending.reason === "room-ended");
      return isOut ? undefined : { text: t.liveRoom.watchAgain, run: () => viewing.begin() };
    },
  };
}

/** Says where one stands whenever that changes, and takes the focus along. */
function useSpokenPhase(viewing: Viewing): void {
  const before = useRef<MeetingPhase["name"]>("before");
  useSignalEffect(() => {
    const phase = viewing.meeting.phase.value;
    if (phase.name === before.current) return;
    before.current = phase.name;
    const t = texts.peek();
    if (phase.name === "call") say(t.liveRoom.watching);
    if (phase.name === "before" && phase.refusal !== undefined) {
      say(refusalText(phase.refusal, t).title);
      focusLater(phase.refusal.code === "bad-passcode" ? PASSCODE_ID : CODE_FIELD_ID);
    }
    if (phase.name === "retrying") {
      say(refusalText(phase.refusal, t).title);
    }
    if (phase.name === "over") {
      say(viewingEnd(phase.ending, t).title);
      focusLater(
        document.getElementById("live-again") === null ? "live-door" : "live-again",
      );
    }
  });
}
