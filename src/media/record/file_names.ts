/**
 * Names of recorded files from ids that users choose. An id may be of any script, have dots, and be
 * longer than a file system takes; a name is a name in one folder whatever the id is. The number of
 * the participant in front tells apart whom the rest does not.
 */

/** Of the part that is made of the id. File systems take 255 for all of a name. */
const MAX_ID_BYTES = 60;

/** What a file is named after. */
export type FileNameParts = {
  /** Counts the participants of the recording. */
  readonly participant: number;
  readonly userId: string;
  readonly group: string;
  /** Counts the files of this group of the participant. */
  readonly count: number;
  readonly extension: string;
};

/** For example `02-alice-person-1.webm`. */
export function fileName({ participant, userId, group, count, extension }: FileNameParts): string {
  const number = String(participant).padStart(2, "0");
  return `${number}-${harmless(userId)}-${group}-${count}.${extension}`;
}

/** Letters and digits, as many as fit; everything else is an underscore. */
function harmless(id: string): string {
  const encoder = new TextEncoder();
  let name = "";
  let bytes = 0;
  for (const letter of id.normalize("NFC")) {
    const kept = /^[\p{L}\p{N}_-]$/u.test(letter) ? letter : "_";
    bytes += encoder.encode(kept).length;
    if (bytes > MAX_ID_BYTES) break;
    name += kept;
  }
  return name;
}
