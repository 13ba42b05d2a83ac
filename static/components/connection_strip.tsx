/** The state of the own connection in one line: lamp, words, round trip, and what to do about it. */
import { useSignal, useSignalEffect } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { pageClock } from "../browser/page_clock.ts";
import { texts } from "../browser/settings.ts";
import type { Texts } from "../i18n/en.ts";
import type { SessionState } from "../state/session_state.ts";
import { visibleText } from "../state/visible_text.ts";
import type { Workbench } from "../state/workbench.ts";
import { Button } from "./button.tsx";
import { Lamp, phaseText } from "./lamp.tsx";
import { Chip } from "./panel.tsx";

/** The strip under the header. */
export function ConnectionStrip({ workbench }: { workbench: Workbench }): JSX.Element {
  const t = texts.value;
  const state = workbench.state.value;
  const room = workbench.roster.value.room;
  const roundTripMs = workbench.roundTripMs.value;
  const isUp = state.phase === "open" || state.phase === "joined";
  return (
    <section
      aria-label={t.connection}
      class="flex flex-wrap items-center gap-x-4 gap-y-1 rounded-xl border border-line bg-surface px-4 py-2 text-sm"
    >
      <p
        class="flex min-h-[2rem] min-w-0 flex-wrap items-center gap-x-2.5"
        data-phase={state.phase}
      >
        <Lamp state={state} />
        <strong id="connection-state" class="font-semibold wrap-anywhere">
          {phaseText(state, t)}
        </strong>
        <span class="min-w-0 text-muted wrap-anywhere">
          <Detail state={state} t={t} />
        </span>
        {room && <Chip>{room.kind === "live" ? t.live : t.meeting}</Chip>}
        {room && (
          <span class="hidden sm:inline">
            <Chip>{room.topology}</Chip>
          </span>
        )}
      </p>
      <div class="ml-auto flex items-center gap-4">
        {isUp && (
          <p class="text-xs text-muted">
            {t.roundTrip}{" "}
            <span id="round-trip" class="font-mono tabular-nums text-ink">
              {roundTripMs === undefined ? "–" : t.milliseconds(formatMilliseconds(roundTripMs))}
            </span>
          </p>
        )}
        <Control state={state} workbench={workbench} t={t} />
      </div>
    </section>
  );
}

function Control(
  { state, workbench, t }: { state: SessionState; workbench: Workbench; t: Texts },
): JSX.Element {
  if (state.phase === "open" || state.phase === "joined" || state.phase === "connecting") {
    return <Button size="small" onPress={() => workbench.disconnect()}>{t.disconnect}</Button>;
  }
  const text = state.phase === "reconnecting" ? t.connectNow : t.connect;
  return <Button size="small" onPress={() => workbench.connect()}>{text}</Button>;
}

function Detail({ state, t }: { state: SessionState; t: Texts }): ComponentChildren {
  switch (state.phase) {
    case "joined":
      return <code class="font-mono text-xs">{t.asUser(state.userId)}</code>;
    case "open":
      return t.noRoomYet;
    case "connecting":
      return state.attempt === 0 ? null : t.attemptNow(state.attempt);
    case "reconnecting":
      return (
        <>
          <Countdown state={state} t={t} /> · {endText(state.code, state.reason, t)}
        </>
      );
    case "closed":
      return state.code === 1000 ? null : endText(state.code, state.reason, t);
    case "idle":
      return null;
  }
}

/** Counts down to the next attempt; a screen reader is not told each second. */
function Countdown(
  { state, t }: { state: SessionState & { phase: "reconnecting" }; t: Texts },
): JSX.Element {
  const leftMs = useSignal(state.pauseMs);
  useSignalEffect(() => {
    const endsAt = pageClock.elapsed() + state.pauseMs;
    let cancel = () => {};
    const tick = () => {
      leftMs.value = Math.max(0, endsAt - pageClock.elapsed());
      cancel = pageClock.after(250, tick);
    };
    tick();
    return () => cancel();
  });
  return (
    <span class="tabular-nums">{t.attempt(state.attempt, (leftMs.value / 1000).toFixed(1))}</span>
  );
}

/** Browsers say 1006 for everything that they do not explain. */
function endText(code: number, reason: string, t: Texts): string {
  if (code === 1006 && reason === "") return t.unreachable;
  const known: string | undefined = Object.hasOwn(t.errors, reason)
    ? Object.entries(t.errors).find(([name]) => name === reason)?.[1]
    : undefined;
  const words = t.closedWith(code, visibleText(reason));
  return known === undefined ? words : `${known} (${words})`;
}

function formatMilliseconds(value: number): string {
  return value < 10 ? value.toFixed(1) : String(Math.round(value));
}
