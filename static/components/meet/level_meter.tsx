/** How loud the own microphone is: a bar that follows the voice. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { texts } from "../../browser/settings.ts";
import { followLevel } from "../../browser/sound_level.ts";

/** The meter of a track. */
export function LevelMeter({ track }: { track: MediaStreamTrack | undefined }): JSX.Element {
  const t = texts.value.meet;
  const level = useSignal(0);
  useEffect(() => {
    level.value = 0;
    if (track === undefined) return;
    return followLevel(track, (next) => {
      level.value = next;
    });
  }, [track]);
  const percent = Math.round(level.value * 100);
  return (
    <div
      role="meter"
      aria-label={t.microphoneLevel}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      class="h-2 overflow-hidden rounded-full bg-line"
    >
      <div
        style={{ width: `${percent}%` }}
        class="h-full rounded-full bg-lamp-go transition-[width] duration-75"
      />
    </div>
  );
}
