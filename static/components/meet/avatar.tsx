/** Somebody without a picture: their initials on a colour of their own. */
import type { JSX } from "preact";

/** Each with a contrast of 4.5 to 1 or more under white letters. */
const GROUNDS = ["#0c6e52", "#1b5fb8", "#7a3cbf", "#9a4a00", "#a3274f", "#3f5a6b", "#5b6300"];

/** The avatar; the name beside it says who. */
export function Avatar(
  { userId, name, size }: { userId: string; name: string; size: "small" | "large" },
): JSX.Element {
  const look = size === "large"
    ? "h-[min(34cqmin,6rem)] w-[min(34cqmin,6rem)] text-[min(13cqmin,2.25rem)]"
    : "h-8 w-8 text-xs";
  return (
    <span
      aria-hidden="true"
      style={{ backgroundColor: groundOf(userId) }}
      class={`flex shrink-0 select-none items-center justify-center rounded-full font-semibold text-white ${look}`}
    >
      {initialsOf(name)}
    </span>
  );
}

/** One letter of the first and one of the last word; of a name without spaces its first letter. */
export function initialsOf(name: string): string {
  const words = name.split(/[\s._-]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const chosen = words.length > 1 ? [words[0], words.at(-1)] : words;
  const letters = chosen.map((word) => [...word ?? ""].find((sign) => /[\p{L}\p{N}]/u.test(sign)));
  return letters.join("").toLocaleUpperCase() || "?";
}

function groundOf(userId: string): string {
  let sum = 0;
  for (const sign of userId) sum = (sum * 31 + sign.codePointAt(0)!) % 9973;
  return GROUNDS[sum % GROUNDS.length]!;
}
