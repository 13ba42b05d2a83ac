/**
 * Every setting of the server, as one table: its flag, its default, its meaning and how its text is
 * read. `config.ts` turns flags and environment into values by it, and `--help` and the README's
 * table come from it. The environment variable of `--max-rooms` is `MAX_ROOMS`, and so for each.
 */
import { LOG_LEVELS, type LogLevel } from "./base/mod.ts";
import { TrustedProxies } from "./http/mod.ts";
import { type IceServer, IceServerSchema } from "./protocol/mod.ts";
import { readWebhookKey } from "./webhooks/mod.ts";
import { isIP } from "node:net";
import { Compile } from "typebox/compile";

/** One setting; `read` throws RangeError with what it expects. */
export type Setting<T> = {
  /** Names the value in `--help`: `--port <PORT>`. */
  readonly value: string;
  /** What it does, for people. */
  readonly help: string;
  /** The text that stands when nothing is given; `undefined`: the setting is off. */
  readonly fallback: string | undefined;
  /** Reads the text, or throws RangeError saying what it expects. */
  readonly read: (text: string) => T;
};

/** The largest number of rooms: a tenth of the six-digit codes, so that a free one is found. */
const MAX_ROOMS = 100_000;

/** How the port can be served. */
const LISTENERS = ["auto", "deno", "ws"] as const;
/** One of {@linkcode LISTENERS}. */
export type ListenerChoice = (typeof LISTENERS)[number];
/** When media go through the server. */
const MEDIA_CHOICES = ["auto", "on", "off"] as const;
/** One of {@linkcode MEDIA_CHOICES}. */
export type MediaChoice = (typeof MEDIA_CHOICES)[number];
/** Whether a TURN server runs within this one. */
const TURN_CHOICES = ["off", "embedded"] as const;
/** Ports that follow one another, both ends included. */
export type PortRange = { readonly from: number; readonly to: number };
/** Which way the media of rooms go. */
const TOPOLOGIES = ["auto", "mesh", "sfu"] as const;
/** More processes than this no machine needs. */
const MAX_MEDIA_PROCESSES = 64;
/** Shortest secret of access tokens. */
const MIN_SECRET_BYTES = 32;
/** Shortest secret of TURN credentials: whoever has one of those can try secrets at leisure. */
const MIN_TURN_SECRET_BYTES = 16;

const iceServers = Compile(IceServerSchema);

/** The settings by flag, in the order of `--help`. */
export const settings = {
  host: text("HOST", "127.0.0.1", "address to bind; 0.0.0.0 for every IPv4 interface"),
  port: whole("PORT", "8080", { from: 0, to: 65_535, help: "port to bind; 0 for any free one" }),
  listener: choice("NAME", LISTENERS, {
    fallback: "auto",
    help: "deno, ws (bounds hostile clients, renews certificates), or auto: deno on loopback " +
      "without TLS, else ws",
  }),
  "tls-cert": optional(
    "FILE",
    "certificate chain (PEM); with --tls-key, serves https and wss; renewed files are taken over",
  ),
  "tls-key": optional("FILE", "private key of the certificate (PEM)"),
  "log-file": optional("FILE", "write the log there as JSON lines, rotated at 10 MiB"),
  "log-level": choice<LogLevel>("LEVEL", LOG_LEVELS, {
    fallback: "info",
    help: `lowest level that is logged: ${LOG_LEVELS.join(", ")}`,
  }),
  "ice-servers": setting<readonly IceServer[]>({
    value: "LIST",
    fallback: "",
    help: "STUN and TURN servers for the clients: urls separated by commas, or a JSON array",
    read: readIceServers,
  }),
  turn: choice("WHICH", TURN_CHOICES, {
    fallback: "off",
    help: "embedded: a TURN server within this one; off: none but those of --turn-url",
  }),
  "turn-url": setting<readonly string[]>({
    value: "LIST",
    fallback: "",
    help: "TURN servers that share --turn-secret: turn: and turns: urls separated by commas",
    read: readTurnUrls,
  }),
  "turn-secret": setting<string>({
    value: "TEXT",
    fallback: undefined,
    help: "makes short-lived TURN credentials for each client; better by environment",
    read: (text) => readSecret(text, MIN_TURN_SECRET_BYTES),
  }),
  "turn-ttl-s": whole("S", "3600", {
    from: 60,
    to: 86_400,
    help: "how long TURN credentials are good, in seconds",
  }),
  "turn-port": whole("PORT", "3478", {
    from: 1,
    to: 65_535,
    help: "UDP and TCP port of the embedded TURN server",
  }),
  "turn-relay-ports": setting<PortRange>({
    value: "FROM-TO",
    fallback: "49152-49999",
    help: "UDP ports that the embedded TURN server relays through",
    read: readPortRange,
  }),
  origin: setting<readonly string[]>({
    value: "LIST",
    fallback: "same",
    help: "origins whose pages may open the socket: same, *, or origins separated by commas",
    read: (text) => readOrigins(text, "same"),
  }),
  "cors-origin": setting<readonly string[]>({
    value: "LIST",
    fallback: "*",
    help: "origins whose pages may read the API: *, none, or origins separated by commas",
    read: (text) => readOrigins(text, "none"),
  }),
  "admin-token": optional(
    "TOKEN",
    "bearer token for administration over HTTP; better by environment",
  ),
  "token-secret": setting<string>({
    value: "TEXT",
    fallback: undefined,
    help: "demands access tokens signed with this (HS256); better by environment",
    read: (text) => readSecret(text, MIN_SECRET_BYTES),
  }),
  "token-public-key": optional(
    "FILE",
    "demands access tokens signed by the owner of this Ed25519 key (PEM)",
  ),
  "token-jwks-url": setting<string>({
    value: "URL",
    fallback: undefined,
    help: "demands access tokens signed with an Ed25519 key of this key set",
    read: readHttpUrl,
  }),
  "webhook-url": setting<readonly string[]>({
    value: "LIST",
    fallback: "",
    help: "tells these URLs what happens in rooms: http or https, separated by commas",
    read: readWebhookUrls,
  }),
  "webhook-secret": setting<string>({
    value: "TEXT",
    fallback: undefined,
    help: "signs what is sent to --webhook-url; better by environment",
    read: (text) => {
      readWebhookKey(text);
      return text;
    },
  }),
  "max-connections": whole("N", "10000", { from: 1, to: 1_000_000, help: "connections at once" }),
  "max-connections-per-address": whole("N", "256", {
    from: 1,
    to: 1_000_000,
    help: "connections of one address, or one /64 of IPv6, except this machine's own",
  }),
  "trusted-proxy": setting<readonly string[]>({
    value: "LIST",
    fallback: "",
    help: "proxies whose X-Forwarded-For is believed: addresses or networks separated by commas",
    read: readProxies,
  }),
  "max-rooms": whole("N", "10000", { from: 1, to: MAX_ROOMS, help: "rooms at once" }),
  "max-participants": whole("N", "1000", { from: 1, to: 100_000, help: "participants of a room" }),
  "max-message-bytes": whole("BYTES", "65536", {
    from: 1024,
    to: 16 * 1024 * 1024,
    help: "longest message of a client",
  }),
  "max-buffered-bytes": whole("BYTES", "1048576", {
    from: 65_536,
    to: 1024 * 1024 * 1024,
    help: "what waits for a client that reads too slowly, before it gets a snapshot instead",
  }),
  "message-rate": whole("N", "100", {
    from: 1,
    to: 1_000_000,
    help: "messages a second a client may send",
  }),
  "message-burst": whole("N", "200", {
    from: 1,
    to: 1_000_000,
    help: "messages a client may send at once before the rate binds it",
  }),
  "address-message-rate": whole("N", "2000", {
    from: 1,
    to: 1_000_000,
    help: "messages a second that one address may send over all its connections",
  }),
  "room-message-rate": whole("N", "1000", {
    from: 1,
    to: 1_000_000,
    help: "messages a second to everybody in one room",
  }),
  "resume-grace-ms": whole("MS", "15000", {
    from: 0,
    to: 600_000,
    help: "how long a lost connection's seat is kept for a client that can resume; 0: not at all",
  }),
  "heartbeat-ms": whole("MS", "15000", {
    from: 1000,
    to: 120_000,
    help: "a silent connection is pinged after this long, and dropped if it stays silent",
  }),
  media: choice("WHEN", MEDIA_CHOICES, {
    fallback: "auto",
    help: "media through the server: on, off, or auto: where clients can reach it",
  }),
  topology: choice("WAY", TOPOLOGIES, {
    fallback: "auto",
    help: "how media travel: mesh, sfu (through the server), or auto: what suits the room",
  }),
  "media-port": whole("PORT", "50000", {
    from: 1_024,
    to: 65_535,
    help: "UDP port for media; each further process takes the next one",
  }),
  "media-processes": setting<number | "auto">({
    value: "N",
    fallback: "auto",
    help: "processes that carry media at most; auto: one a core",
    read: (text) => {
      if (text === "auto") return text;
      try {
        return wholeNumber(text, 1, MAX_MEDIA_PROCESSES);
      } catch (error) {
        const expected = `expected auto, or a whole number from 1 to ${MAX_MEDIA_PROCESSES}`;
        throw new RangeError(expected, { cause: error });
      }
    },
  }),
  "public-ip": setting<readonly string[]>({
    value: "LIST",
    fallback: "",
    help: "addresses at which clients reach the media port; left out: those of this machine",
    read: readAddresses,
  }),
  "recordings-dir": optional("DIR", "lets the administrator record rooms into this folder"),
  "max-recording-bytes": whole("BYTES", "4294967296", {
    from: 65_536,
    to: 2 ** 50,
    help: "a recording ends when its files hold this much together",
  }),
  "max-recording-ms": whole("MS", "14400000", {
    from: 1000,
    to: 604_800_000,
    help: "a recording ends after this long",
  }),
};

/** Settings whose value is never shown; a URL can hold a password, or a secret in its query. */
export const SECRET_SETTINGS: readonly SettingName[] = [
  "admin-token",
  "token-secret",
  "turn-secret",
  "webhook-url",
  "webhook-secret",
];

/** The flag of a setting, without dashes. */
export type SettingName = keyof typeof settings;

/** The environment variable beside a flag. */
export function variableOf(name: SettingName): string {
  return name.replaceAll("-", "_").toUpperCase();
}

function setting<T>(setting: Setting<T>): Setting<T> {
  return setting;
}

function text(value: string, fallback: string, help: string): Setting<string> {
  return setting({ value, fallback, help, read: readText });
}

function optional(value: string, help: string): Setting<string> {
  return setting({ value, fallback: undefined, help, read: readText });
}

function choice<T extends string>(
  value: string,
  choices: readonly T[],
  { fallback, help }: { fallback: T; help: string },
): Setting<T> {
  const read = (text: string) => {
    const chosen = choices.find((one) => one === text);
    if (chosen !== undefined) return chosen;
    throw new RangeError(`expected ${choices.join(", ")}`);
  };
  return setting({ value, fallback, help, read });
}

function whole(
  value: string,
  fallback: string,
  { from, to, help }: { from: number; to: number; help: string },
): Setting<number> {
  return setting({ value, fallback, help, read: (text) => wholeNumber(text, from, to) });
}

function wholeNumber(text: string, from: number, to: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= from && number <= to) return number;
  throw new RangeError(`expected a whole number from ${from} to ${to}`);
}

function readText(text: string): string {
  if (text.trim() === "") throw new RangeError("expected a value that is not empty");
  return text;
}

function readSecret(text: string, minBytes: number): string {
  // RFC 7518, section 3.2: a key as long as the hash, or it is the weaker part.
  if (new TextEncoder().encode(text).length >= minBytes) return text;
  throw new RangeError(`expected at least ${minBytes} bytes`);
}

function readHttpUrl(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new RangeError("expected a URL like https://example.org/.well-known/jwks.json");
}

function readWebhookUrls(text: string): readonly string[] {
  const urls = text.split(",").map((url) => url.trim()).filter((url) => url !== "");
  const isFit = (url: string) => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
  if (urls.every(isFit) && new Set(urls).size === urls.length) return urls;
  throw new RangeError("expected different URLs like https://example.org/hook");
}

function readPortRange(text: string): PortRange {
  const [, from, to] = /^(\d{1,5})-(\d{1,5})$/.exec(text) ?? [];
  const range = { from: Number(from), to: Number(to) };
  if (range.from >= 1024 && range.from <= range.to && range.to <= 65_535) return range;
  throw new RangeError("expected two ports from 1024 to 65535 like 49152-49999");
}

function readTurnUrls(text: string): readonly string[] {
  const urls = text.split(",").map((url) => url.trim()).filter((url) => url !== "");
  if (urls.every((url) => /^turns?:[^\s<>]+$/.test(url))) return urls;
  throw new RangeError("expected urls like turn:turn.example.org:3478?transport=udp");
}

function readIceServers(text: string): readonly IceServer[] {
  const expected = "expected stun:, stuns:, turn: or turns: urls separated by commas, or a JSON " +
    'array of {"urls", "username", "credential"}';
  const trimmed = text.trim();
  if (trimmed === "") return [];
  let servers: unknown;
  if (trimmed.startsWith("[") || trimmed.startsWith("{")) {
    try {
      servers = JSON.parse(trimmed);
    } catch {
      throw new RangeError(expected); // Where the JSON breaks is of no help beside the form.
    }
    if (!Array.isArray(servers)) servers = [servers];
  } else {
    servers = trimmed.split(",").map((url) => ({ urls: url.trim() }));
  }
  const checked: IceServer[] = [];
  for (const server of servers as unknown[]) {
    if (!iceServers.Check(server)) throw new RangeError(expected);
    const urls = [server.urls].flat();
    if (urls.length === 0 || !urls.every((url) => /^(stun|turn)s?:\S+$/.test(url))) {
      throw new RangeError(expected);
    }
    checked.push(server);
  }
  return checked;
}

function readProxies(text: string): readonly string[] {
  const proxies = text.split(",").map((proxy) => proxy.trim()).filter((proxy) => proxy !== "");
  try {
    new TrustedProxies(proxies);
  } catch (error) {
    throw new RangeError("expected addresses or networks like 10.0.0.0/8", { cause: error });
  }
  return proxies;
}

function readAddresses(text: string): readonly string[] {
  const addresses = text.split(",").map((address) => address.trim()).filter((one) => one !== "");
  if (addresses.every((address) => isIP(address) !== 0)) return addresses;
  throw new RangeError("expected addresses like 203.0.113.7, separated by commas");
}

function readOrigins(text: string, word: "same" | "none"): readonly string[] {
  const origins = text.split(",").map((origin) => origin.trim()).filter((origin) => origin !== "");
  if (origins.length === 0) throw new RangeError(`expected ${word}, * or a list of origins`);
  return origins.map((origin) => {
    if (origin === word || origin === "*") return origin;
    if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
      throw new RangeError(`expected ${word}, * or origins like https://example.org`);
    }
    return origin;
  });
}
