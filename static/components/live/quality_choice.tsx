/** The height of the picture, and what the camera truly gives. */
import type { JSX } from "preact";
import { texts } from "../../browser/settings.ts";
import type { Broadcast } from "../../state/live/broadcast.ts";
import { HEIGHTS } from "../../state/live/outgoing.ts";

/** The choice; `id` keeps two of them on one page apart. */
export function QualityChoice(
  { broadcast, id }: { broadcast: Broadcast; id: string },
): JSX.Element {
  const t = texts.value.liveRoom;
  const chosen = broadcast.height.value;
  return (
    <fieldset>
      <legend class="mb-1 text-xs font-medium">{t.quality}</legend>
      <div class="flex gap-1 rounded-lg border border-edge bg-surface p-0.5">
        {HEIGHTS.map((height) => (
          <label
            key={height}
            for={`${id}-${height}`}
            class={`relative flex h-8 flex-1 cursor-pointer items-center justify-center rounded-md text-sm font-medium ${
              height === chosen ? "bg-accent-soft text-accent" : "text-muted hover:text-ink"
            }`}
          >
            <input
              id={`${id}-${height}`}
              type="radio"
              name={id}
              checked={height === chosen}
              onChange={() => void broadcast.setHeight(height)}
              class="absolute inset-0 h-full w-full cursor-pointer appearance-none rounded-md"
            />
            {t.heightName(height)}
          </label>
        ))}
      </div>
      <CameraGives broadcast={broadcast} />
    </fieldset>
  );
}

function CameraGives({ broadcast }: { broadcast: Broadcast }): JSX.Element | null {
  const t = texts.value.liveRoom;
  const captured = broadcast.captured.value;
  if (captured === undefined) return null;
  const { width, height, framesPerSecond } = captured;
  // A phone that is held upright gives the same picture on its side.
  const isLess = Math.min(width, height) < broadcast.height.value;
  const say = isLess ? t.cameraGivesLess : t.cameraGives;
  return (
    <p data-captured={`${width}x${height}`} class="mt-1 text-xs text-muted">
      {say(width, height, framesPerSecond)}
    </p>
  );
}
