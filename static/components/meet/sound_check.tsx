/** How loud the own microphone is, and what is wrong with the devices: shown before one is seen. */
import type { JSX } from "preact";
import { texts } from "../../browser/settings.ts";
import type { OwnMedia } from "../../state/own_media.ts";
import { LevelMeter } from "./level_meter.tsx";
import { MediaFaults } from "./media_fault.tsx";

/** The level, and the faults below it. */
export function SoundCheck({ media }: { media: OwnMedia }): JSX.Element {
  return (
    <>
      <div class="mt-3 flex items-center gap-3">
        <span class="text-xs text-muted">{texts.value.meet.microphoneLevel}</span>
        <div class="flex-1">
          <LevelMeter
            track={media.isMicrophoneOn.value ? media.microphone.track.value : undefined}
          />
        </div>
      </div>
      <div class="mt-3">
        <MediaFaults media={media} />
      </div>
    </>
  );
}
