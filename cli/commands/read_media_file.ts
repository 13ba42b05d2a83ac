/** Media files that flags name: what cannot be read, or is none, is told with the flag. */
import { quoted } from "../../src/protocol/mod.ts";
import { UsageError } from "../arguments.ts";
import { type MediaFile, MediaFileError } from "../media/media_file.ts";

/** Reads the file of `--flag`. Rejects with UsageError. */
export async function readMediaFile(
  flag: string,
  path: string,
  read: (bytes: Uint8Array) => MediaFile,
): Promise<MediaFile> {
  try {
    return read(await Deno.readFile(path));
  } catch (error) {
    if (!(error instanceof MediaFileError || isOfDisk(error))) throw error;
    const reason = error instanceof Error ? error.message : `${error}`;
    throw new UsageError(`Cannot use --${flag} ${quoted(path)}: ${reason}`, { cause: error });
  }
}

/** What reading a file rejects with. */
function isOfDisk(error: unknown): boolean {
  return error instanceof Error && "code" in error || error instanceof Deno.errors.NotCapable;
}
