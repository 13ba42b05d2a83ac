/**
 * Names of files as they come from somebody else, made safe to show and to save under: no folders,
 * no characters that disguise or command, no names that a system keeps for itself.
 */

/** Longest name in characters: file systems take 255 bytes, and a character has up to four. */
const MAX_LENGTH = 60;
/** What is kept of an extension when a name is cut. */
const MAX_EXTENSION_LENGTH = 12;

/** Controls, and formatting characters such as marks that turn the direction of text. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]/gu;
/** Windows takes none of these in a name; the others take them, which is of no use to anybody. */
const forbidden = /[<>:"|?*]/g;
/** Devices of Windows, with whatever extension. */
const devices = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** `name` as it may be shown and saved; `file` when nothing is left of it. */
export function safeFileName(name: string): string {
  const last = name.split(/[/\\]/).at(-1)!;
  const clean = last
    .replace(/\s/gu, " ")
    .replace(invisible, "")
    // Only now: what was taken out may have stood between two blanks, or a letter and its accent.
    .replace(/ +/g, " ")
    .normalize("NFC")
    .replace(forbidden, "_")
    // A leading dot hides a file; trailing dots and blanks vanish under Windows.
    .replace(/^[. ]+|[. ]+$/g, "");
  const named = devices.test(clean) ? `_${clean}` : clean;
  return shortened(named) || "file";
}

/** At most {@linkcode MAX_LENGTH} whole characters; the extension says what the file is and stays. */
function shortened(name: string): string {
  const characters = [...name];
  if (characters.length <= MAX_LENGTH) return name;
  const dot = characters.lastIndexOf(".");
  const extension = dot < 0 || characters.length - dot > MAX_EXTENSION_LENGTH
    ? []
    : characters.slice(dot);
  const stem = characters.slice(0, MAX_LENGTH - extension.length - 1).join("").replace(
    /[. ]+$/,
    "",
  );
  return `${stem}…${extension.join("")}`;
}
