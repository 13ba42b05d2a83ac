/** How good the link to somebody is: three bars, and the same in words. */
import type { JSX } from "preact";
import { texts } from "../../browser/settings.ts";
import type { Quality } from "../../state/quality.ts";

const BARS: Readonly<Record<Quality, number>> = { good: 3, fair: 2, poor: 1, lost: 0, unknown: 0 };

/** The sign; nothing while nothing is known. */
export function QualitySign({ quality }: { quality: Quality }): JSX.Element | null {
  const t = texts.value.meet;
  if (quality === "unknown") return null;
  const label = t.qualities[quality];
  const color = quality === "good" ? "#35d399" : quality === "fair" ? "#f0b03a" : "#ff6a60";
  return (
    <span role="img" aria-label={label} title={label} data-quality={quality} class="inline-flex">
      <svg viewBox="0 0 16 16" class="h-4 w-4" aria-hidden="true">
        {[0, 1, 2].map((bar) => (
          <rect
            key={bar}
            x={2 + bar * 4.5}
            y={10 - bar * 4}
            width="3"
            height={4 + bar * 4}
            rx="1"
            fill={bar < BARS[quality] ? color : "rgb(255 255 255 / .35)"}
          />
        ))}
      </svg>
    </span>
  );
}
