/** What stands between a person and a broadcast: on the way, refused, waiting, after it. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { pageClock } from "../../browser/page_clock.ts";
import { texts } from "../../browser/settings.ts";
import type { Texts } from "../../i18n/en.ts";
import type { Meeting } from "../../state/meeting.ts";
import type { Ending, MeetingPhase } from "../../state/meeting_phase.ts";
import { Button, ButtonLink } from "../button.tsx";
import { phaseText } from "../lamp.tsx";
import { CardRow, PassageCard } from "../passage_card.tsx";
import { refusalText } from "./refusal_note.tsx";

/** A phase that is neither before nor in the broadcast. */
export type Passing = Exclude<MeetingPhase, { name: "before" } | { name: "call" }>;

/** Who passes: it makes the words and what can be done. */
export interface Passer {
  readonly meeting: Meeting;
  /** The title while on the way, and a line of help. */
  readonly entering: { readonly title: string; readonly help?: string };
  readonly ended: (ending: Ending) => { readonly title: string; readonly help: string };
  readonly giveUp: () => void;
  /** The button of the end, if there is a way back. */
  readonly again: (
    ending: Ending,
  ) => { readonly text: string; readonly run: () => void } | undefined;
}

/** The view. */
export function LivePassage({ passer, phase }: { passer: Passer; phase: Passing }): JSX.Element {
  const t = texts.value;
  const { meeting } = passer;
  const cancel = <Button onPress={passer.giveUp}>{t.meet.cancel}</Button>;
  switch (phase.name) {
    case "entering":
    case "waiting": {
      const connection = meeting.connection.value;
      const isLost = connection.phase === "reconnecting";
      const { title, help = phaseText(connection, t) } = passer.entering;
      return (
        <PassageCard title={isLost ? t.liveRoom.serverAway : title} isBusy>
          <p class="text-sm text-muted text-pretty">
            {isLost ? t.meet.serverAwayHelp : phase.name === "waiting" ? t.meet.waiting : help}
          </p>
          <CardRow>
            {isLost && (
              <Button weight="primary" onPress={() => meeting.reconnectNow()}>
                {t.connectNow}
              </Button>
            )}
            {cancel}
          </CardRow>
        </PassageCard>
      );
    }
    case "retrying":
      return (
        <PassageCard title={refusalText(phase.refusal, t).title} isBusy>
          <p class="text-sm text-muted text-pretty">
            <Countdown key={phase.pauseMs} ms={phase.pauseMs} /> {t.liveRoom.retryNote}
          </p>
          <CardRow>{cancel}</CardRow>
        </PassageCard>
      );
    case "over": {
      const { title, help } = passer.ended(phase.ending);
      const again = passer.again(phase.ending);
      return (
        <PassageCard title={title} isBusy={false}>
          <p class="text-sm text-muted text-pretty">{help}</p>
          <CardRow>
            {again && (
              <Button id="live-again" weight="primary" onPress={again.run}>{again.text}</Button>
            )}
            <ButtonLink id="live-door" href="/live">{t.liveRoom.doorTitle}</ButtonLink>
          </CardRow>
        </PassageCard>
      );
    }
  }
}

/** How a viewing ended, and what can be done now. */
export function viewingEnd(ending: Ending, t: Texts): { title: string; help: string } {
  if (ending.kind === "left") {
    return {
      title: t.liveRoom.endings[ending.reason],
      help: t.liveRoom.endingHelp[ending.reason],
    };
  }
  if (ending.code === 4001) return { title: t.meet.elsewhere, help: t.meet.elsewhereHelp };
  return { title: t.meet.closed, help: t.closedWith(ending.code, ending.reason) };
}

/** Counts the seconds down; not read aloud each time, for the page says it once. */
function Countdown({ ms }: { ms: number }): JSX.Element {
  const t = texts.value.liveRoom;
  const left = useSignal(Math.ceil(ms / 1_000));
  useEffect(() => {
    const endAt = pageClock.elapsed() + ms;
    let cancel = () => {};
    const tick = () => {
      left.value = Math.max(0, Math.ceil((endAt - pageClock.elapsed()) / 1_000));
      if (left.peek() > 0) cancel = pageClock.after(500, tick);
    };
    tick();
    return () => cancel();
  }, [ms]);
  return <span data-wait={left.value}>{t.waitSeconds(left.value)}</span>;
}
