/**
 * Checks of the section Access tokens, on a server that demands them.
 */
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import type { Actor } from "../actor.ts";
import { check, slowCheck } from "../check.ts";
import { demand, same } from "../expectation.ts";
import { everyone, type Scene } from "../scene.ts";
import { handshake } from "./connection.ts";
import { hostsOf } from "./hosts.ts";
import type { Place } from "../place.ts";
import type { Tokens } from "../tokens.ts";

/** A token ends after so long in these checks. */
const SHORT_S = 2;
const NEVER_THE_SECRET = "not the secret of the server that is under test";

/** TK1 to TK8. */
export const tokenChecks = [
  check("TK1", {
    title: "every upgrade takes a good token, as a header or in the query; others get 401",
    does: "knocks without one, with a broken one, and with a good one both ways",
  }, async (scene) => {
    const { at, tokens } = await scene.tokenServer();
    const good = await tokens.sign({ room: scene.room, sub: "ann" });
    const raw = await scene.raw({ at });
    const answer = await scene.inTime(raw.readAnswer(), "the answer to a handshake");
    same("the status without a token", answer.status, 401);
    demand(answer.headers["www-authenticate"] !== undefined, "WWW-Authenticate", answer.headers);
    for (const token of ["nonsense", "", `${good}x`, good.slice(0, -1)]) {
      same("the status of a bad token", await knock(scene, at, token), 401);
    }
    same("the status of a good one", await knock(scene, at, good), 101);
    await scene.join("ann", { at, accessToken: good });
    if (scene.isOwn) same("the status of a server without a key", await handshake(scene), 101);
  }),

  check("TK2", {
    title: "a token is signed as the key demands, and has its claims",
    does:
      "tries no signature, other secrets and algorithms, old and early ones, claims left out, " +
      "and EdDSA by a key set",
  }, async (scene) => {
    const { at, tokens } = await scene.tokenServer();
    const claims = { room: scene.room, sub: "ann" };
    const bad: [what: string, token: string][] = [
      ["unsigned", tokens.unsigned(claims)],
      ["of another secret", await tokens.sign(claims, { secret: NEVER_THE_SECRET })],
      ["of HS384", await tokens.sign(claims, { algorithm: "HS384" })],
      ["of HS512", await tokens.sign(claims, { algorithm: "HS512" })],
      ["expired", await tokens.sign({ ...claims, exp: tokens.in(-1) })],
      ["not good yet", await tokens.sign({ ...claims, nbf: tokens.in(600) })],
      ["without a room", await tokens.sign({ sub: "ann" })],
      ["without a sub", await tokens.sign({ room: scene.room })],
      ["without an end", await tokens.sign({ ...claims, exp: undefined })],
      ["of a bad room id", await tokens.sign({ ...claims, room: "no spaces" })],
      ["of a bad role", await tokens.sign({ ...claims, role: "king" })],
    ];
    for (const [what, token] of bad) {
      same(`the status of a token ${what}`, await knock(scene, at, token), 401);
    }
    const early = await tokens.sign({ ...claims, nbf: tokens.in(-600) });
    same("the status of a token that is good", await knock(scene, at, early), 101);
    if (!scene.isOwn) return scene.note("EdDSA: it takes a server with such a key");
    await checkKeySet(scene, claims);
  }),

  check("TK3", {
    title: "a join may only be what its token says",
    does: "joins another room, as another user and role, and then with nothing but the room",
  }, async (scene) => {
    const { at, tokens } = await scene.tokenServer();
    const role = "broadcaster";
    const accessToken = await tokens.sign({ room: scene.room, sub: "ann", role });
    const ann = await scene.connect("ann", { at, accessToken });
    const join = { type: "join", roomId: scene.room };
    await ann.beRefused({ ...join, roomId: scene.otherRoom }, "bad-token");
    await ann.beRefused({ ...join, userId: "bob" }, "bad-token");
    await ann.beRefused({ ...join, role: "participant" }, "bad-token");
    await ann.beRefused({ type: "chat", text: "x" }, "not-joined");
    const { userId, participants } = await ann.ask(join, "joined");
    same("who joined", [userId, participants[0]?.role], ["ann", role]);
    const free = await tokens.sign({ room: scene.room, sub: "bob" });
    const bob = await scene.connect("bob", { at, accessToken: free });
    await bob.join(scene.room, { role: "viewer" });
    await ann.hear("user-joined", { userId: "bob" });
  }),

  check("TK4", {
    title: "a token in the join counts instead of the upgrade's",
    does: "connects as one and joins as another in another room, and with a bad token",
  }, async (scene) => {
    const { at, tokens } = await scene.tokenServer();
    const accessToken = await tokens.sign({ room: scene.room, sub: "ann" });
    const ann = await scene.connect("ann", { at, accessToken });
    const token = await tokens.sign({ room: scene.otherRoom, sub: "bob" });
    const join = { type: "join", roomId: scene.otherRoom };
    await ann.beRefused({ ...join, token: "nonsense" }, "bad-token");
    await ann.beRefused({ ...join, token: `${token}x` }, "bad-token");
    await ann.beRefused({ ...join, roomId: scene.room, token }, "bad-token");
    const { userId } = await ann.ask({ ...join, token }, "joined", { roomId: scene.otherRoom });
    same("who joined", userId, "bob");
  }),

  check("TK5", {
    title: "host: true makes host and opens what the host key opens, host: false never",
    does: "joins first with false, then with true, locks, comes with true, and without the claim",
  }, async (scene) => {
    const { at, tokens } = await scene.tokenServer();
    const sign = (sub: string, claims: object) => tokens.sign({ room: scene.room, sub, ...claims });
    const enter = async (name: string, claims: object) => {
      const actor = await scene.connect(name, { at, accessToken: await sign(name, claims) });
      return { actor, joined: await actor.join(scene.room) };
    };
    const never = await enter("never", { host: false });
    same("hosts after host: false", hostsOf(never.joined), []);
    const ann = await enter("ann", {});
    same("hosts after no claim", hostsOf(ann.joined), ["ann"]);
    await never.actor.hear("user-joined");
    await ann.actor.ask({ type: "lock", locked: true }, "ok");
    await never.actor.hear("room-updated");
    const bob = await scene.connect("bob", { at, accessToken: await sign("bob", {}) });
    await bob.beRefused({ type: "join", roomId: scene.room }, "room-locked");
    const key = await enter("key", { host: true });
    same("hosts after host: true", hostsOf(key.joined), ["ann", "key"]);
    await everyone([never.actor, ann.actor], (one) => one.hear("user-joined", { userId: "key" }));
    await key.actor.ask({ type: "leave" }, "leaved");
    await everyone([never.actor, ann.actor], (one) => one.hear("user-left", { userId: "key" }));
    await ann.actor.ask({ type: "leave" }, "leaved");
    await never.actor.hear("user-left", { userId: "ann" });
    await never.actor.hearNothing();
    await never.actor.beRefused({ type: "lock", locked: false }, "not-allowed");
  }),

  slowCheck("TK6", {
    title: "before a token ends the connection is told, and with it the connection ends",
    does: `lives on a token of ${SHORT_S} s beside one of an hour`,
  }, async (scene) => {
    const { at, tokens } = await scene.tokenServer();
    const bob = await scene.join("bob", { at, accessToken: await signFor(scene, tokens, "bob") });
    const exp = Math.ceil(tokens.in(SHORT_S));
    const accessToken = await signFor(scene, tokens, "ann", { exp });
    const ann = await scene.open("ann", { at, accessToken });
    await ann.hear("welcome");
    await ann.hear("token-expiring", { expiresAt: exp * 1_000 });
    await ann.join(scene.room);
    const before = await bob.hear("user-joined", { userId: "ann" });
    for (const one of [ann, bob]) one.bePatient((SHORT_S + 1) * 1_000);
    // The join counts by the same token, so word of its end may come again.
    const heard = await ann.hearUntil("error", { code: "bad-token" });
    const others = heard.filter(({ type }) => type !== "token-expiring");
    same("what else came", others.length, 1);
    await ann.hearEnd({ code: 1008, reason: "bad-token" });
    await bob.hear("user-left", { userId: "ann", reason: "disconnected" });
    const tookMs = exp * 1_000 - before.participant.joinedAt;
    demand(scene.clock.now() >= exp * 1_000 - 500, "the end no sooner than that", `${tookMs} ms`);
  }),

  slowCheck("TK7", {
    title: "refresh-token goes on with a newer token of the same holder, for its end alone",
    does: "renews a short one, tries those of others and bad ones, and outlives the first",
  }, async (scene) => {
    const { at, tokens } = await scene.tokenServer();
    const exp = Math.ceil(tokens.in(SHORT_S));
    const accessToken = await signFor(scene, tokens, "ann", { exp, host: false });
    const ann = await scene.open("ann", { at, accessToken });
    await ann.hear("welcome");
    await ann.hear("token-expiring");
    const end = Math.ceil(tokens.in(3_600));
    const good = await signFor(scene, tokens, "ann", { exp: end, host: true });
    const refresh = (token: string) => ({ type: "refresh-token", token });
    const bad = [
      "nonsense",
      await signFor(scene, tokens, "bob"),
      await tokens.sign({ room: scene.otherRoom, sub: "ann" }),
      await tokens.sign({ room: scene.room, sub: "ann" }, { secret: NEVER_THE_SECRET }),
    ];
    for (const token of bad) await ann.beRefused(refresh(token), "bad-token");
    const expiresAt = end * 1_000;
    await ann.ask(refresh(good), "token-refreshed", { expiresAt });
    await scene.pause(Math.max(0, exp * 1_000 - scene.clock.now()) + 300);
    await ann.hearNothing();
    if (!scene.isOwn) return;
    const free = await scene.connect("free");
    await free.beRefused(refresh(good), "not-allowed");
  }),

  check("TK8", {
    title: "resume needs a token of the seat's user id and room",
    does: "drops, then resumes with the tokens of others, and with its own",
  }, async (scene) => {
    const { at, tokens } = await scene.tokenServer();
    const accessToken = await signFor(scene, tokens, "ann");
    const ann = await scene.connect("ann", { at, accessToken });
    const { resumeToken } = await ann.join(scene.room, { resumable: true });
    if (resumeToken === undefined) return scene.note("everything: the server grants no resume");
    const bob = await scene.join("bob", { at, accessToken: await signFor(scene, tokens, "bob") });
    await ann.hear("user-joined");
    await ann.drop();
    await bob.hear("participant-updated", { userId: "ann", connected: false });
    const resume = { type: "resume", resumeToken, lastSeq: 1 };
    const others = [
      await signFor(scene, tokens, "eve"),
      await tokens.sign({ room: scene.otherRoom, sub: "ann" }),
    ];
    for (const token of others) {
      const eve: Actor = await scene.connect("eve", { at, accessToken: token });
      await eve.beRefused(resume, "bad-token");
    }
    await bob.hearNothing();
    const again = await scene.connect("ann again", { at, accessToken });
    await again.ask(resume, "resumed", { missed: 0, lastSeq: 1 });
    await bob.hear("participant-updated", { userId: "ann", connected: true });
  }),
];

/** The status of a handshake with a token in its header. */
async function knock(scene: Scene, at: Place, token: string): Promise<number> {
  return await handshake(scene, { at, headers: { Authorization: `Bearer ${token}` } });
}

async function signFor(
  scene: Scene,
  tokens: Tokens,
  sub: string,
  claims: object = {},
): Promise<string> {
  return await tokens.sign({ room: scene.room, sub, ...claims });
}

/** A server with a key set takes EdDSA by one of its keys, and HS256 by nothing. */
async function checkKeySet(scene: Scene, claims: { room: string; sub: string }): Promise<void> {
  const { publicKey, privateKey } = await generateKeyPair("Ed25519", { extractable: true });
  const jwk = { ...await exportJWK(publicKey), kid: "one", alg: "EdDSA", use: "sig" };
  const keys = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => Response.json({ keys: [jwk] }),
  );
  try {
    const url = `http://127.0.0.1:${keys.addr.port}/keys.json`;
    const at = await scene.ownServer("--token-jwks-url", url);
    const sign = (key: Parameters<SignJWT["sign"]>[0], alg: string) =>
      new SignJWT({ ...claims, exp: Math.ceil(scene.clock.now() / 1_000) + 600 })
        .setProtectedHeader({ alg, kid: "one" }).sign(key);
    same("EdDSA of the key set", await knock(scene, at, await sign(privateKey, "EdDSA")), 101);
    const other = await generateKeyPair("Ed25519");
    const forged = await sign(other.privateKey, "EdDSA");
    same("EdDSA of another key", await knock(scene, at, forged), 401);
    const confused = await sign(new TextEncoder().encode(JSON.stringify(jwk)), "HS256");
    same("HS256 by the public key", await knock(scene, at, confused), 401);
  } finally {
    await keys.shutdown();
  }
}
