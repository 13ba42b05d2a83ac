/**
 * Flags and environment become one frozen, checked {@linkcode Config}. A flag wins over its
 * variable, a variable over the default; a bad value fails at start and names itself. The only module
 * of the server that touches `Deno.env`.
 */
import { parseArgs } from "node:util";
import { quoted } from "./protocol/mod.ts";
import { SECRET_SETTINGS, type SettingName, settings, variableOf } from "./settings.ts";

/** The value of each setting; `undefined` where an optional one is not given. */
type Values = {
  readonly [Name in SettingName]: (typeof settings)[Name]["read"] extends (text: string) => infer T
    ? T | (Name extends OptionalName ? undefined : never)
    : never;
};
type OptionalName =
  | "tls-cert"
  | "tls-key"
  | "log-file"
  | "admin-token"
  | "token-secret"
  | "turn-secret"
  | "token-public-key"
  | "token-jwks-url"
  | "webhook-secret"
  | "recordings-dir";

/** Everything the server can be told, checked. */
export type Config = Values;

/** A setting that cannot be used. The message is one line that names the setting. */
export class ConfigError extends Error {
  /** Names the class in a stack trace. */
  override readonly name = "ConfigError";
}

/** Reads the settings; throws {@linkcode ConfigError} for the first that cannot be used. */
export function readConfig(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Config {
  const flags = parseFlags(args);
  const values: Record<string, unknown> = {};
  for (const name of settingNames()) {
    const { fallback, read } = settings[name];
    const variable = variableOf(name);
    // An empty variable is how many environments say "not set".
    const fromEnvironment = environment[variable] === "" ? undefined : environment[variable];
    const given = flags[name] ?? fromEnvironment ?? fallback;
    if (given === undefined) continue;
    try {
      values[name] = read(given);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      const source = flags[name] !== undefined || fromEnvironment === undefined
        ? `--${name}`
        : variable;
      const shown = SECRET_SETTINGS.includes(name) ? "" : ` ${quoted(given)}`;
      throw new ConfigError(`Cannot use ${source}${shown}: ${error.message}`, { cause: error });
    }
  }
  const config = Object.freeze(values) as Config; // Every name was read by its own reader.
  if ((config["tls-cert"] === undefined) !== (config["tls-key"] === undefined)) {
    const given = config["tls-cert"] === undefined ? "tls-key" : "tls-cert";
    const missing = given === "tls-cert" ? "tls-key" : "tls-cert";
    throw new ConfigError(`Cannot use --${given} without --${missing}: TLS needs both files`);
  }
  if (config["webhook-url"].length > 0 && config["webhook-secret"] === undefined) {
    throw new ConfigError(
      "Cannot use --webhook-url without --webhook-secret: receivers could not tell who sends",
    );
  }
  const isTurnNamed = config["turn-url"].length > 0;
  if (config.turn === "off" && isTurnNamed !== (config["turn-secret"] !== undefined)) {
    const [given, missing] = isTurnNamed
      ? ["turn-url", "turn-secret"]
      : ["turn-secret", "turn-url"];
    throw new ConfigError(
      `Cannot use --${given} without --${missing}: clients get credentials for a server by its secret`,
    );
  }
  if (config.topology === "sfu" && config.media === "off") {
    throw new ConfigError("Cannot use --topology sfu with --media off: nothing would carry media");
  }
  return config;
}

/** The environment variables that settings are read from, as far as they may be read. */
export function readEnvironment(): Record<string, string | undefined> {
  return Object.fromEntries(
    settingNames().map((name) => {
      const variable = variableOf(name);
      return [variable, Deno.env.get(variable)];
    }),
  );
}

/** Whether the flags ask for help. */
export function asksForHelp(args: readonly string[]): boolean {
  return args.includes("--help") || args.includes("-h");
}

/** The text of `--help`. */
export function helpText(): string {
  const rows = settingNames().map((name) => {
    const { value, help, fallback } = settings[name];
    const shown = fallback === undefined || fallback === "" ? "" : ` [${fallback}]`;
    return `  ${`--${name} <${value}>`.padEnd(34)} ${help}${shown}\n${" ".repeat(37)}env ${
      variableOf(name)
    }`;
  });
  return `Signalbox: rooms over one WebSocket, a test page, an API.

Usage: deno task start [--flag value ...]

Flags (a flag wins over its environment variable):
${rows.join("\n")}
  ${"--help".padEnd(34)} this text

Examples:
  deno task start
  deno task start --port 9000 --log-level debug
  deno task start --host 0.0.0.0 --tls-cert cert.pem --tls-key key.pem
  deno task start --listener ws --trusted-proxy 127.0.0.1
  ICE_SERVERS=stun:stun.example.org:3478 deno task start
  TURN_SECRET=... deno task start --turn-url turn:turn.example.org,turns:turn.example.org
  deno task start --turn embedded --public-ip 203.0.113.7
  ADMIN_TOKEN=... deno task start --origin https://app.example.org
  TOKEN_SECRET=... deno task start        and deno task token --help, to mint tokens
  WEBHOOK_SECRET=... deno task start --webhook-url https://app.example.org/hook
`;
}

function parseFlags(args: readonly string[]): Record<string, string | undefined> {
  const options = Object.fromEntries(settingNames().map((name) => [name, { type: "string" }]));
  try {
    const { values } = parseArgs({
      args: [...args],
      options: options as Record<string, { type: "string" }>, // fromEntries widens the literal.
      strict: true,
      allowPositionals: false,
    });
    return values;
  } catch (error) {
    // parseArgs throws a TypeError whose first sentence names the flag; advice follows.
    const message = error instanceof Error ? error.message : `${error}`;
    const sentence = message.replaceAll("\n", " ").split(". ")[0];
    throw new ConfigError(`${sentence} (deno task start --help lists the flags)`, { cause: error });
  }
}

function settingNames(): SettingName[] {
  return Object.keys(settings) as SettingName[]; // The table's own keys.
}
