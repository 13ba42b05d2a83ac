/**
 * `deno task token`: signs an access token and prints it, alone on its line. It needs no server, only
 * the key: the server's secret, or the private half of its public key.
 */
import { createPrivateKey, type KeyObject } from "node:crypto";
import { SignJWT } from "jose";
import { parseRoomId, parseUserId, quoted } from "../../src/protocol/mod.ts";
import { durationOf, readFlags, textOf, UsageError } from "../arguments.ts";
import type { Terminal } from "../terminal.ts";

const DEFAULT_TTL_MS = 3_600_000;
/** The server's own bound (RFC 7518, section 3.2). */
const MIN_SECRET_BYTES = 32;
const ROLES = ["participant", "broadcaster", "viewer", "host"] as const;

const HELP = `Mint an access token for a server that demands them.

Usage: deno task token --room ID --user ID [--flag value ...]

  --room ID            the room that it is for
  --user ID            the user id that its holder has there
  --role ROLE          participant, broadcaster, viewer, or host: a participant who moderates;
                       the first three are then never host [the joiner's choice, and the
                       first in the room is host]
  --ttl TIME           how long it is good for, e.g. 90s, 15m, 1h [1h]
  --private-key FILE   Ed25519 private key (PEM); the server has --token-public-key
  --secret TEXT        the server's --token-secret; better as TOKEN_SECRET in the environment
  --help               this text

Exit codes
  0  printed        2  a flag cannot be used

Examples
  TOKEN_SECRET=... deno task token --room test --user ann --role host --ttl 1h
  deno task token --room 482913 --user bob --role viewer --private-key key.pem
  openssl genpkey -algorithm ed25519 -out key.pem; openssl pkey -in key.pem -pubout -out key.pub
`;

/** What the command is given. */
export type TokenOptions = {
  readonly terminal: Terminal;
  /** TOKEN_SECRET of the environment. */
  readonly secret: string | undefined;
};

/** Runs `deno task token`; resolves to the exit code. Rejects with UsageError. */
export async function token(args: readonly string[], options: TokenOptions): Promise<number> {
  const { terminal } = options;
  const flags = readFlags(args, {
    room: "string",
    user: "string",
    role: "string",
    ttl: "string",
    secret: "string",
    "private-key": "string",
  });
  if (flags.help === true) {
    terminal.out.write(HELP);
    return 0;
  }
  const room = idOf("room", textOf(flags, "room"), parseRoomId);
  const sub = idOf("user", textOf(flags, "user"), parseUserId);
  const claims = { room, sub, ...roleClaims(textOf(flags, "role")) };
  const expiresAt = Date.now() + (durationOf(flags, "ttl") ?? DEFAULT_TTL_MS);
  const file = textOf(flags, "private-key");
  const secret = textOf(flags, "secret") ?? (options.secret === "" ? undefined : options.secret);
  const { alg, key } = file === undefined ? secretKey(secret) : privateKey(file);
  const signed = await new SignJWT(claims).setProtectedHeader({ alg, typ: "JWT" })
    .setIssuedAt().setExpirationTime(Math.ceil(expiresAt / 1000)).sign(key);
  terminal.out.write(`${signed}\n`);
  return 0;
}

function idOf(
  flag: string,
  text: string | undefined,
  parse: (text: string) => string | undefined,
): string {
  if (text === undefined) throw new UsageError(`Cannot mint a token without --${flag}`);
  const id = parse(text);
  if (id !== undefined) return id;
  throw new UsageError(
    `Cannot use --${flag} ${quoted(text)}: expected 1 to 64 letters, digits, "_", "-" or "."`,
  );
}

function roleClaims(text: string | undefined): { role?: string; host?: boolean } {
  const role = ROLES.find((one) => one === text);
  if (text !== undefined && role === undefined) {
    throw new UsageError(`Cannot use --role ${quoted(text)}: expected ${ROLES.join(", ")}`);
  }
  if (role === undefined) return {};
  return role === "host" ? { role: "participant", host: true } : { role, host: false };
}

function secretKey(secret: string | undefined): { alg: string; key: Uint8Array } {
  if (secret === undefined) {
    throw new UsageError("Cannot mint a token without a key: set TOKEN_SECRET or --private-key");
  }
  const key = new TextEncoder().encode(secret);
  if (key.length >= MIN_SECRET_BYTES) return { alg: "HS256", key };
  throw new UsageError(`Cannot use the secret: expected at least ${MIN_SECRET_BYTES} bytes`);
}

function privateKey(file: string): { alg: string; key: KeyObject } {
  let key: KeyObject;
  try {
    key = createPrivateKey(Deno.readTextFileSync(file));
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : error;
    throw new UsageError(`Cannot use --private-key ${quoted(file)}: ${reason}`, { cause: error });
  }
  if (key.asymmetricKeyType === "ed25519") return { alg: "EdDSA", key };
  throw new UsageError(`Cannot use --private-key ${quoted(file)}: expected an Ed25519 key`);
}
