/** The flags that `whip` and `whep` share. */
import { parseRoomId, parseUserId, quoted } from "../../src/protocol/mod.ts";
import { type Flags, type FlagTable, numberOf, textOf, UsageError } from "../arguments.ts";
import { readTarget } from "../target.ts";

/** Where, as whom and for how long. */
export type SessionFlags = {
  /** With who it is in its query. */
  readonly endpoint: URL;
  readonly roomId: string;
  readonly token: string | undefined;
  /** That of the room. */
  readonly passcode: string | undefined;
  /** That of the room. */
  readonly hostKey: string | undefined;
  /** Since packets go both ways; undefined: until it ends, or is interrupted. */
  readonly durationMs: number | undefined;
  readonly isJson: boolean;
};

/** The flags, for {@linkcode readSessionFlags}. */
export const SESSION_TABLE: FlagTable = {
  url: "string",
  room: "string",
  "user-id": "string",
  name: "string",
  token: "string",
  passcode: "string",
  "host-key": "string",
  seconds: "string",
  json: "boolean",
};

/** The lines of the help. */
export const SESSION_HELP = `\
  --url URL        the server, http(s):// or ws(s):// [http://127.0.0.1:8080]
  --room ID        the room
  --user-id ID     as this user [the server gives one]
  --name TEXT      under this name
  --token TEXT     an access token; better as SIGNALBOX_TOKEN in the environment
  --passcode TEXT  that of the room
  --host-key TEXT  that of the room: opens it whatever closes it
  --seconds N      for so long [until Ctrl-C]
  --json           a JSON object a line instead of words`;

const DEFAULT_URL = "http://127.0.0.1:8080";
const MAX_SECONDS = 86_400;
/** Those that publish. */
const ROLES: readonly string[] = ["participant", "broadcaster"];

/** Reads them; throws {@linkcode UsageError}. `environmentToken` is SIGNALBOX_TOKEN. */
export function readSessionFlags(
  flags: Flags,
  { kind, environmentToken }: {
    readonly kind: "whip" | "whep";
    readonly environmentToken: string | undefined;
  },
): SessionFlags {
  const room = textOf(flags, "room");
  if (room === undefined) throw new UsageError(`Cannot use ${kind} without --room`);
  const roomId = idOf("room", room, parseRoomId);
  const user = textOf(flags, "user-id");
  const name = textOf(flags, "name");
  const from = textOf(flags, "from");
  const role = textOf(flags, "role");
  if (role !== undefined && !ROLES.includes(role)) {
    throw new UsageError(`Cannot use --role ${quoted(role)}: known are ${ROLES.join(", ")}`);
  }
  const ids = from === undefined ? [roomId] : [roomId, idOf("from", from, parseUserId)];
  const endpoint = new URL(
    readTarget(textOf(flags, "url") ?? DEFAULT_URL).sessionUrl(kind, ...ids),
  );
  if (user !== undefined) endpoint.searchParams.set("userId", idOf("user-id", user, parseUserId));
  if (name !== undefined) endpoint.searchParams.set("name", name);
  if (role !== undefined) endpoint.searchParams.set("role", role);
  const token = textOf(flags, "token") ?? environmentToken;
  const seconds = numberOf(flags, "seconds", { from: 0.1, to: MAX_SECONDS });
  return {
    endpoint,
    roomId,
    token: token === "" ? undefined : token,
    passcode: textOf(flags, "passcode"),
    hostKey: textOf(flags, "host-key"),
    durationMs: seconds === undefined ? undefined : seconds * 1_000,
    isJson: flags.json === true,
  };
}

function idOf(
  flag: string,
  text: string,
  parse: (text: string) => string | undefined,
): string {
  const id = parse(text);
  if (id !== undefined) return id;
  throw new UsageError(
    `Cannot use --${flag} ${quoted(text)}: expected 1 to 64 letters, digits, "_", "-" or "."`,
  );
}
