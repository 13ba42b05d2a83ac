/**
 * The log: events as a short message plus fields, to the terminal as text or to a file as JSON
 * lines. Everyone gets a {@linkcode Logger} from {@linkcode logger}; only the process entry opens
 * and closes the sinks. The only module that writes to the console.
 *
 * Fields that could carry secrets or session descriptions are replaced before they are written, at
 * every level and depth: see {@linkcode REDACTED_FIELDS}. A message is an event's name, not a
 * template: braces in it stay as they are, so no text of a client can fetch a field's value.
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
const REDACTED_FIELDS = new Set([
  "token",
  "passcode",
  "hostKey",
  "secret",
  "description",
  "sdp",
  "candidate",
]);
/** Fields of these names would replace what every line of a log file has; they get a prefix. */
const RESERVED_FIELDS = new Set(["@timestamp", "level", "logger", "message"]);
/** Fields nested deeper are cut: a line stays short, and a cycle ends. */
const MAX_FIELD_DEPTH = 4;

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
    maxFiles: MAX_FILES - 1, // The library counts the ancestors alone.
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
    .map(([name, value]) => ` ${name}=${formatField(value)}`)
    .join("");
  return `${timestamp} ${level} ${category} ${message}${fields}`;
}

/** One field on the console: on one line, whatever a client put into it; but for a fault's stack. */
function formatField(value: unknown): string {
  if (value instanceof Error) return value.stack ?? String(value);
  if (typeof value === "string" && !/[\s\p{C}"]/u.test(value)) return value;
  return typeof value === "bigint" ? `${value}` : JSON.stringify(value);
}

/** Hides secret fields from `sink`, and hands on its disposal. */
function redacted(sink: Sink & Partial<Disposable & AsyncDisposable>): Sink {
  const filtered: Sink & Partial<Disposable & AsyncDisposable> = (record) => {
    const properties = Object.fromEntries(
      Object.entries(record.properties).map(([name, value]) => [
        RESERVED_FIELDS.has(name) ? `field.${name}` : name,
        redactField(name, value, MAX_FIELD_DEPTH),
      ]),
    );
    sink({ ...record, message: [String(record.rawMessage)], properties });
  };
  const disposeSync = sink[Symbol.dispose];
  const disposeAsync = sink[Symbol.asyncDispose];
  if (disposeSync !== undefined) filtered[Symbol.dispose] = () => disposeSync.call(sink);
  if (disposeAsync !== undefined) filtered[Symbol.asyncDispose] = () => disposeAsync.call(sink);
  return filtered;
}

/** A field as it may be written; what is neither a list nor a plain object is written as it is. */
function redactField(name: string, value: unknown, depth: number): unknown {
  if (REDACTED_FIELDS.has(name)) return "[redacted]";
  if (typeof value !== "object" || value === null) return value;
  const isPlain = Object.getPrototypeOf(value) === Object.prototype;
  if (!isPlain && !Array.isArray(value)) return value;
  if (depth === 0) return "[deep]";
  if (Array.isArray(value)) return value.map((item) => redactField("", item, depth - 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, redactField(key, item, depth - 1)]),
  );
}

/** Prints a line for whoever started the process; the log may go elsewhere. */
export function print(line: string): void {
  // deno-lint-ignore no-console -- The one module that may.
  console.log(line);
}

/** Prints a line to standard error. */
export function printError(line: string): void {
  // deno-lint-ignore no-console -- The one module that may.
  console.error(line);
}
