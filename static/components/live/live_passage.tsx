/** What stands between a person and a broadcast: on the way, refused, waiting, after it. */
import { useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useEffect } from "preact/hooks";
import { pageClock } from "../../browser/page_clock.ts";
import { texts } from "../../browser/settings.ts";
import type { Texts } from "../../i18n/en.ts";
import type { Meeting } from "../../state/meeting.ts";
import type { Ending, MeetingPhase } from "../../state/meeting_phase.ts";
import { Button, ButtonLink } from "../button.tsx";
import { phaseText } from "../lamp.tsx";
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
        <LiveCard title={isLost ? t.liveRoom.serverAway : title} isBusy>
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
        </LiveCard>
      );
    }
    case "retrying":
      return (
        <LiveCard title={refusalText(phase.refusal, t).title} isBusy>
          <p class="text-sm text-muted text-pretty">
            <Countdown key={phase.pauseMs} ms={phase.pauseMs} /> {t.liveRoom.retryNote}
          </p>
          <CardRow>{cancel}</CardRow>
        </LiveCard>
      );
    case "over": {
      const { title, help } = passer.ended(phase.ending);
      const again = passer.again(phase.ending);
      return (
        <LiveCard title={title} isBusy={false}>
          <p class="text-sm text-muted text-pretty">{help}</p>
          <CardRow>
            {again && (
              <Button id="live-again" weight="primary" onPress={again.run}>{again.text}</Button>
            )}
            <ButtonLink id="live-door" href="/live">{t.liveRoom.doorTitle}</ButtonLink>
          </CardRow>
        </LiveCard>
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

/** A card in the middle of the page. */
export function LiveCard(
  { title, isBusy, children }: { title: string; isBusy: boolean; children: ComponentChildren },
): JSX.Element {
  return (
    <div class="flex justify-center px-4 py-10 sm:py-16">
      <section
        aria-labelledby="passage-title"
        class="w-full max-w-md rounded-2xl border border-line bg-surface p-6"
      >
        {isBusy && (
          <span
            aria-hidden="true"
            class="lamp-pulse mb-4 block h-3 w-3 rounded-full bg-lamp-wait"
          />
        )}
        <h1 id="passage-title" class="mb-2 text-xl font-semibold text-balance">{title}</h1>
        {children}
      </section>
    </div>
  );
}

/** What can be done, side by side. */
export function CardRow({ children }: { children: ComponentChildren }): JSX.Element {
  return <div class="mt-5 flex flex-wrap gap-2">{children}</div>;
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
