/** The sign that a broadcast is on, and for how long it has been. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { pageClock } from "../../browser/page_clock.ts";
import { texts } from "../../browser/settings.ts";
import { durationText } from "../../state/live/durations.ts";

/** The sign; `since` is a time of the wall's clock. */
export function OnAirSign({ since }: { since?: number | undefined }): JSX.Element {
  const t = texts.value.liveRoom;
  const now = useSignal(pageClock.now());
  useEffect(() => {
    if (since === undefined) return;
    let cancel = () => {};
    const tick = () => {
      now.value = pageClock.now();
      cancel = pageClock.after(1_000, tick);
    };
    tick();
    return () => cancel();
  }, [since]);
  const time = since === undefined ? undefined : durationText(Math.max(0, now.value - since));
  return (
    <span
      title={time === undefined ? undefined : t.onAirSince(time)}
      class="inline-flex shrink-0 items-center gap-1.5 rounded-md bg-[#c22b22] px-2 py-0.5 text-xs font-semibold text-white"
    >
      <span aria-hidden="true" class="lamp-pulse h-1.5 w-1.5 rounded-full bg-white" />
      {t.onAir}
      {time && <span class="font-mono font-normal tabular-nums" data-on-air>{time}</span>}
    </span>
  );
}
