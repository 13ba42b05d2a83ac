/**
 * The log: events as a short message plus fields, to the terminal as text or to a file as JSON
 * lines. Everyone gets a {@linkcode Logger} from {@linkcode logger}; only the process entry opens
 * and closes the sinks. The only module that writes to the console.
 *
 * Fields that could carry secrets or session descriptions are replaced before they are written, at
 * every level: see {@linkcode REDACTED_FIELDS}.
 */
import { getRotatingFileSink } from "@logtape/file";
import {
  configure,
  dispose,
  getConsoleSink,
  getJsonLinesFormatter,
  getLogger,
  getTextFormatter,
  type LogRecord,
  type Sink,
} from "@logtape/logtape";

/** The levels, from the most talkative to the quietest. */
export const LOG_LEVELS = ["debug", "info", "warning", "error"] as const;
/** How grave an event is. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What an owner writes its events to. */
export interface Logger {
  /** The flow of messages; off by default. */
  debug(message: string, fields?: Record<string, unknown>): void;
  /** Lifecycle: started, room created, stopped. */
  info(message: string, fields?: Record<string, unknown>): void;
  /** A client misbehaves. */
  warn(message: string, fields?: Record<string, unknown>): void;
  /** Our own fault. */
  error(message: string, fields?: Record<string, unknown>): void;
}

/** Where the log goes. */
export type LogOptions = {
  /** The lowest level that is written. */
  level: LogLevel;
  /** A file for JSON lines; rotated at {@linkcode MAX_FILE_BYTES}. Left out: text on the console. */
  file: string | undefined;
};

/** A log file of this size is moved to `<file>.1` and a new one begun. */
const MAX_FILE_BYTES = 10 * 1024 * 1024;
/** The current file and its rotated ancestors. The start task's write permission lists the names. */
const MAX_FILES = 4;
/** Values of these fields never reach a sink (STYLE 26). */
const REDACTED_FIELDS = new Set(["token", "passcode", "secret", "description", "sdp", "candidate"]);

const ROOT = "signalbox";

/** Drops every event; for owners whose caller wants no log. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** The logger of one part of the server, e.g. `logger("rooms")`. */
export function logger(part: string): Logger {
  return getLogger([ROOT, part]);
}

/** Opens the sinks. Rejects when the file cannot be written. */
export async function openLog(options: LogOptions): Promise<void> {
  await configure({
    reset: true,
    sinks: { main: redacted(openSink(options.file)) },
    loggers: [
      { category: [ROOT], sinks: ["main"], lowestLevel: options.level },
      { category: ["logtape", "meta"], sinks: ["main"], lowestLevel: "error" },
    ],
  });
}

/** Writes what is buffered and closes the sinks. */
export async function closeLog(): Promise<void> {
  await dispose();
}

function openSink(file: string | undefined): Sink {
  if (file === undefined) {
    return getConsoleSink({
      formatter: getTextFormatter({ timestamp: "time", level: "ABBR", format: formatLine }),
    });
  }
  return getRotatingFileSink(file, {
    nonBlocking: true,
    maxSize: MAX_FILE_BYTES,
    maxFiles: MAX_FILES,
    formatter: getJsonLinesFormatter({ properties: "flatten" }),
  });
}

function formatLine(
  { timestamp, level, category, message, record }: {
    timestamp: string | null;
    level: string;
    category: string;
    message: string;
    record: LogRecord;
  },
): string {
  const fields = Object.entries(record.properties)
    .map(([name, value]) => ` ${name}=${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join("");
  return `${timestamp} ${level} ${category} ${message}${fields}`;
}

/** Hides secret fields from `sink`, and hands on its disposal. */
function redacted(sink: Sink & Partial<Disposable & AsyncDisposable>): Sink {
  const filtered: Sink & Partial<Disposable & AsyncDisposable> = (record) => {
    const names = Object.keys(record.properties).filter((name) => REDACTED_FIELDS.has(name));
    if (names.length === 0) return sink(record);
    const properties = { ...record.properties };
    for (const name of names) properties[name] = "[redacted]";
    sink({ ...record, properties });
  };
  const disposeSync = sink[Symbol.dispose];
  const disposeAsync = sink[Symbol.asyncDispose];
  if (disposeSync !== undefined) filtered[Symbol.dispose] = () => disposeSync.call(sink);
  if (disposeAsync !== undefined) filtered[Symbol.asyncDispose] = () => disposeAsync.call(sink);
  return filtered;
}
