/** The key of access tokens, from the settings. */
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { ConfigError, readConfig } from "../src/config.ts";
import { readTokenKey } from "../src/token_key.ts";

const secret = "x".repeat(32);
const url = "https://example.org/jwks.json";

Deno.test("readTokenKey is none by default, and what one setting says", () => {
  assert.equal(readTokenKey(readConfig([], {})), undefined);
  assert.deepEqual(readTokenKey(readConfig([], { TOKEN_SECRET: secret })), {
    kind: "secret",
    secret,
  });
  assert.deepEqual(readTokenKey(readConfig(["--token-jwks-url", url], {})), { kind: "jwks", url });
});

Deno.test("readTokenKey refuses two keys", () => {
  const config = readConfig(["--token-secret", secret, "--token-jwks-url", url], {});

  assert.throws(() => readTokenKey(config), /Cannot use --token-secret with --token-jwks-url/);
});

Deno.test("readTokenKey reads a public Ed25519 key, and nothing else", async () => {
  const file = await Deno.makeTempFile({ suffix: ".pem" });
  const read = (pem: string | { toString(): string }) => {
    Deno.writeTextFileSync(file, `${pem}`);
    return readTokenKey(readConfig(["--token-public-key", file], {}));
  };
  const ed = generateKeyPairSync("ed25519");
  const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const pem = { type: "spki", format: "pem" } as const;

  assert.equal(read(ed.publicKey.export(pem))?.kind, "public-key");
  const refused = [
    "nonsense",
    ec.publicKey.export(pem),
    ed.privateKey.export({ type: "pkcs8", format: "pem" }),
  ];
  for (const text of refused) {
    assert.throws(
      () => read(text),
      (error) => error instanceof ConfigError && /no public Ed25519 key/.test(error.message),
    );
  }
  await Deno.remove(file);
  assert.throws(() => readTokenKey(readConfig(["--token-public-key", file], {})), ConfigError);
});
