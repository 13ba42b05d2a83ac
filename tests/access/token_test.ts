/** Access tokens: what is taken, and every way to get past the signature or the claims. */
import assert from "node:assert/strict";
import { KeyObject } from "node:crypto";
import { exportJWK, exportSPKI, generateKeyPair, UnsecuredJWT } from "jose";
import { bindJoin, type TokenKey, TokenVerifier } from "../../src/access/mod.ts";
import { ProtocolError } from "../../src/protocol/mod.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { clientMessage } from "../support/messages.ts";
import { makeVerifier, SECRET, sign } from "../support/tokens.ts";

const encoder = new TextEncoder();

function isBadToken(error: unknown): boolean {
  return error instanceof ProtocolError && error.code === "bad-token";
}

async function refuses(verifier: TokenVerifier, token: string | undefined): Promise<void> {
  await assert.rejects(verifier.verify(token), (error) => {
    assert.ok(isBadToken(error), `${error}`);
    if (token) assert.ok(!`${error}`.includes(token), "shows the token");
    return true;
  });
}

Deno.test("[TK2] TokenVerifier.verify reads the claims of a good token", async () => {
  const clock = new FakeClock();
  const exp = clock.now() / 1000 + 60;

  const claims = await makeVerifier(clock).verify(
    await sign({ room: "482913", sub: "bob", role: "viewer", host: false, exp, more: 1 }),
  );

  assert.deepEqual(claims, {
    roomId: "482913",
    userId: "bob",
    role: "viewer",
    mayHost: false,
    expiresAt: exp * 1000,
  });
});

Deno.test("[TK2] TokenVerifier.verify refuses claims that are missing, wrong or out of time", async () => {
  const clock = new FakeClock();
  const now = clock.now() / 1000;
  const wrong: Record<string, unknown>[] = [
    { room: undefined },
    { room: "no spaces" },
    { room: ["test"] },
    { sub: undefined },
    { sub: "" },
    { exp: undefined },
    { exp: now },
    { exp: now - 1 },
    { role: "host" },
    { host: "yes" },
    { nbf: now + 60 },
  ];

  for (const claims of wrong) await refuses(makeVerifier(clock), await sign(claims));
  assert.ok(await makeVerifier(clock).verify(await sign({ exp: now + 1, nbf: now + 4 })));
});

Deno.test("[TK2] TokenVerifier.verify refuses what is unsigned, signed by others or tampered with", async () => {
  const verifier = makeVerifier(new FakeClock());
  const good = await sign({});
  const [header, , signature] = good.split(".");
  const forged = btoa(JSON.stringify({ room: "test", sub: "eve", exp: 4e9 })).replace(/=+$/, "");

  await refuses(verifier, undefined);
  await refuses(verifier, "");
  await refuses(verifier, "x.y.z");
  await refuses(verifier, "x".repeat(10_000));
  await refuses(verifier, `${header}.${forged}.${signature}`);
  await refuses(verifier, `${header}.${forged}.`);
  await refuses(verifier, good.slice(0, -2));
  await refuses(verifier, await sign({}, { key: encoder.encode(`${SECRET}.`) }));
  await refuses(verifier, await sign({}, { alg: "HS512" }));
  await refuses(verifier, new UnsecuredJWT({ room: "test", sub: "ann", exp: 4e9 }).encode());
});

Deno.test("[TK2] TokenVerifier.verify takes EdDSA by public key, and no HS256 signed with that key", async () => {
  const { publicKey, privateKey } = await generateKeyPair("EdDSA", { extractable: true });
  const pem = await exportSPKI(publicKey);
  const key: TokenKey = { kind: "public-key", key: KeyObject.from(publicKey) };
  const verifier = new TokenVerifier(key, new FakeClock());
  const other = await generateKeyPair("EdDSA");

  assert.equal(
    (await verifier.verify(await sign({}, { alg: "EdDSA", key: privateKey }))).userId,
    "ann",
  );
  await refuses(verifier, await sign({}, { alg: "EdDSA", key: other.privateKey }));
  await refuses(verifier, await sign({}, { key: encoder.encode(pem) }));
  await refuses(verifier, await sign({}));
});

Deno.test("[TK2] TokenVerifier.verify fetches a key set, and says when it cannot", async () => {
  const { publicKey, privateKey } = await generateKeyPair("EdDSA", { extractable: true });
  const keys = [{ ...await exportJWK(publicKey), kid: "k1", alg: "EdDSA", use: "sig" }];
  let isUp = false;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => isUp ? Response.json({ keys }) : new Response("down", { status: 503 }),
  );
  const url = `http://127.0.0.1:${server.addr.port}/jwks.json`;
  const verifier = new TokenVerifier({ kind: "jwks", url }, new FakeClock());
  const good = await sign({}, { alg: "EdDSA", key: privateKey, header: { kid: "k1" } });

  await assert.rejects(
    verifier.verify(good),
    (error) => error instanceof ProtocolError && error.code === "internal-error",
  );
  isUp = true;
  assert.equal((await verifier.verify(good)).roomId, "test");
  await refuses(verifier, await sign({}, { header: { kid: "k1" } }));
  // A key that the token itself brings or names is no key of the set.
  await refuses(verifier, await sign({}, { alg: "EdDSA", key: privateKey, header: { kid: "k2" } }));
  await server.shutdown();
});

Deno.test("[TK3] bindJoin takes from the token what the join leaves out", () => {
  const claims = {
    roomId: "test",
    userId: "ann",
    role: "viewer",
    mayHost: undefined,
    expiresAt: 0,
  } as never;
  const join = (fields: Record<string, unknown>) =>
    bindJoin(clientMessage("join", { roomId: "test", ...fields }), claims);

  assert.deepEqual(join({ name: "Ann" }), {
    type: "join",
    roomId: "test",
    name: "Ann",
    userId: "ann",
    role: "viewer",
  });
  for (const other of [{ roomId: "other" }, { userId: "bob" }, { role: "participant" }]) {
    assert.throws(() => join(other), isBadToken);
  }
});
