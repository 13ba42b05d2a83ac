/** The signal lamp of a session: green in a room, amber on the way, red when it is over. */
import type { JSX } from "preact";
import type { Texts } from "../i18n/en.ts";
import { assertNever } from "../state/assert_never.ts";
import type { SessionState } from "../state/session_state.ts";

/** A lamp; the words beside it say the same. */
export function Lamp({ state }: { state: SessionState }): JSX.Element {
  return (
    <span
      aria-hidden="true"
      class={`inline-block h-2.5 w-2.5 shrink-0 rounded-full ${lampLook(state)}`}
    />
  );
}

/** The words for a state. */
export function phaseText(state: SessionState, t: Texts): string {
  switch (state.phase) {
    case "idle":
      return t.phaseIdle;
    case "connecting":
      return state.attempt === 0 ? t.phaseConnecting : t.phaseReconnecting;
    case "open":
      return state.isJoining ? t.phaseJoining : t.phaseOpen;
    case "joined":
      return t.phaseJoined(state.roomId);
    case "reconnecting":
      return t.phaseReconnecting;
    case "closed":
      return t.phaseClosed;
    default:
      return assertNever(state);
  }
}

function lampLook(state: SessionState): string {
  switch (state.phase) {
    case "idle":
      return "bg-lamp-off";
    case "connecting":
    case "reconnecting":
      return "bg-lamp-wait lamp-pulse";
    case "open":
      return state.isJoining ? "bg-lamp-wait lamp-pulse" : "bg-surface border-[3px] border-lamp-go";
    case "joined":
      return "bg-lamp-go";
    case "closed":
      return "bg-lamp-stop";
    default:
      return assertNever(state);
  }
}
