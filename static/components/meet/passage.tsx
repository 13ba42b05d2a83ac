/** What stands between a person and a meeting: on the way in, waiting to be admitted, after it. */
import type { JSX } from "preact";
import { texts } from "../../browser/settings.ts";
import type { Texts } from "../../i18n/en.ts";
import type { Meeting } from "../../state/meeting.ts";
import type { Ending, MeetingPhase } from "../../state/meeting_phase.ts";
import { Button, ButtonLink } from "../button.tsx";
import { phaseText } from "../lamp.tsx";
import { CardRow, PassageCard } from "../passage_card.tsx";

/** The view of every phase but the first and the call. */
export function Passage(
  { meeting, phase }: {
    meeting: Meeting;
    phase: Exclude<MeetingPhase, { name: "before" } | { name: "call" }>;
  },
): JSX.Element {
  const t = texts.value;
  switch (phase.name) {
    case "entering": {
      const connection = meeting.connection.value;
      const isLost = connection.phase === "reconnecting";
      return (
        <PassageCard title={isLost ? t.meet.serverAway : t.meet.entering} isBusy>
          <p class="text-sm text-muted text-pretty">
            {isLost ? t.meet.serverAwayHelp : phaseText(connection, t)}
          </p>
          <CardRow>
            {isLost && (
              <Button weight="primary" onPress={() => meeting.reconnectNow()}>
                {t.connectNow}
              </Button>
            )}
            <Button onPress={() => meeting.cancel()}>{t.meet.cancel}</Button>
          </CardRow>
        </PassageCard>
      );
    }
    case "waiting":
      return (
        <PassageCard title={t.meet.waiting} isBusy>
          <p class="text-sm text-muted text-pretty">{t.meet.waitingHelp}</p>
          <CardRow>
            <Button onPress={() => meeting.cancel()}>{t.meet.cancel}</Button>
          </CardRow>
        </PassageCard>
      );
    case "retrying":
      return (
        <PassageCard title={t.errors[phase.refusal.code]} isBusy>
          <p class="text-sm text-muted text-pretty">
            {t.meet.retryHelp(Math.ceil(phase.pauseMs / 1000))}
          </p>
          <CardRow>
            <Button onPress={() => meeting.cancel()}>{t.meet.cancel}</Button>
          </CardRow>
        </PassageCard>
      );
    case "over": {
      const { title, help } = endingText(phase.ending, t);
      const mayReturn = phase.ending.kind !== "left" || phase.ending.reason !== "kicked";
      return (
        <PassageCard title={title} isBusy={false}>
          <p class="text-sm text-muted text-pretty">{help}</p>
          <CardRow>
            {mayReturn && (
              <Button id="rejoin" weight="primary" onPress={() => meeting.again()}>
                {t.meet.rejoin}
              </Button>
            )}
            <ButtonLink href="/">{t.meet.toStart}</ButtonLink>
          </CardRow>
        </PassageCard>
      );
    }
  }
}

/** How it ended, and what can be done now. */
export function endingText(ending: Ending, t: Texts): { title: string; help: string } {
  if (ending.kind === "left") {
    return { title: t.meet.endings[ending.reason], help: t.meet.endingHelp[ending.reason] };
  }
  if (ending.code === 4001) return { title: t.meet.elsewhere, help: t.meet.elsewhereHelp };
  const known: string | undefined = Object.hasOwn(t.errors, ending.reason)
    ? Object.entries(t.errors).find(([code]) => code === ending.reason)?.[1]
    : undefined;
  return { title: t.meet.closed, help: known ?? t.closedWith(ending.code, ending.reason) };
}
