/**
 * The terminal as a value: where text goes, whether somebody watches, whether colour is welcome. The
 * commands write through one, so a test can read what they said. The only module of the CLI that
 * touches the standard streams for writing.
 */
import process from "node:process";
import { styleText } from "node:util";

/** The styles that the CLI uses. */
export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan" | "magenta" | "blue";

/** Text for a terminal. */
export type Stream = {
  /** Writes text as it is. */
  readonly write: (text: string) => void;
  /** Somebody watches: lines may be drawn again. */
  readonly isTty: boolean;
  /** Colours `text`, where colour is welcome. */
  readonly style: (style: Style | readonly Style[], text: string) => string;
  /** The width; 80 where there is none. */
  readonly columns: () => number;
};

/** What a command writes to. */
export type Terminal = { readonly out: Stream; readonly err: Stream };

const DEFAULT_COLUMNS = 80;
const encoder = new TextEncoder();

/** The terminal of the process; honours NO_COLOR and writes no colour into a file or a pipe. */
export function systemTerminal(): Terminal {
  return { out: stream(Deno.stdout), err: stream(Deno.stderr) };
}

/** The streams that a line editor reads and draws on. */
export function keyboard(): { input: NodeJS.ReadStream; output: NodeJS.WriteStream } {
  return { input: process.stdin, output: process.stdout };
}

/** A stream over `write`; tests make theirs with it. */
export function makeStream(
  write: (text: string) => void,
  { isTty, hasColour }: { isTty: boolean; hasColour: boolean },
): Stream {
  return {
    write,
    isTty,
    style: (style, text) => {
      if (!hasColour || text === "") return text;
      return styleText(typeof style === "string" ? style : [...style], text, {
        validateStream: false,
      });
    },
    columns: () => (isTty ? readColumns() : DEFAULT_COLUMNS),
  };
}

function stream(file: typeof Deno.stdout): Stream {
  const isTty = file.isTerminal();
  return makeStream((text) => writeAll(file, text), { isTty, hasColour: isTty && !Deno.noColor });
}

function writeAll(file: typeof Deno.stdout, text: string): void {
  let bytes = encoder.encode(text);
  try {
    while (bytes.length > 0) bytes = bytes.subarray(file.writeSync(bytes));
  } catch (error) {
    // The reader has gone (`| head`): there is nobody left to tell.
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

function readColumns(): number {
  try {
    return Deno.consoleSize().columns;
  } catch {
    return DEFAULT_COLUMNS; // It throws where no stream is a terminal.
  }
}
