/**
 * The key of access tokens, from the settings: a secret, a public key's file, or the URL of a key
 * set. The composition root calls it; without any of them the server demands no tokens.
 */
import { createPublicKey } from "node:crypto";
import type { TokenKey } from "./access/mod.ts";
import { type Config, ConfigError } from "./config.ts";

/** The configured key, or `undefined`. Throws {@linkcode ConfigError} naming the setting at fault. */
export function readTokenKey(config: Config): TokenKey | undefined {
  const names = ["token-secret", "token-public-key", "token-jwks-url"] as const;
  const given = names.filter((name) => config[name] !== undefined);
  if (given.length > 1) {
    throw new ConfigError(`Cannot use --${given[0]} with --${given[1]}: tokens have one key`);
  }
  const { "token-secret": secret, "token-public-key": path, "token-jwks-url": url } = config;
  if (secret !== undefined) return { kind: "secret", secret };
  if (url !== undefined) return { kind: "jwks", url };
  return path === undefined ? undefined : { kind: "public-key", key: readPublicKey(path) };
}

function readPublicKey(path: string): ReturnType<typeof createPublicKey> {
  const attempt = `Cannot use --token-public-key ${JSON.stringify(path)}`;
  let pem: string;
  try {
    pem = Deno.readTextFileSync(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : error;
    throw new ConfigError(`${attempt}: ${reason}`, { cause: error });
  }
  // A private key would do too, and has no business on the server that only checks.
  const key = pem.includes("PRIVATE KEY") ? undefined : tryPublicKey(pem);
  if (key?.asymmetricKeyType === "ed25519") return key;
  throw new ConfigError(`${attempt}: the file holds no public Ed25519 key (PEM, "PUBLIC KEY")`);
}

function tryPublicKey(pem: string): ReturnType<typeof createPublicKey> | undefined {
  try {
    return createPublicKey(pem);
  } catch {
    return undefined; // The parser's words help nobody; the caller says what was expected.
  }
}
