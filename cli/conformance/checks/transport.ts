/**
 * Checks of the section Connection that take silent, slow or broken clients: heartbeats, close codes,
 * the bounds of an address, deadlines.
 */
import { check, slowCheck } from "../check.ts";
import { demand, same } from "../expectation.ts";
import { readMessages } from "../frames.ts";
import { closeOf, Opcode, type RawSocket } from "../raw_socket.ts";
import type { Scene } from "../scene.ts";
import { Finding, NotApplicable } from "../verdict.ts";
import { handshake, untilStatus } from "./connection.ts";

/** What a loaded machine may add to a time. */
const SLACK_MS = 3_000;
/** Rule CO11. */
const HEADERS_MS = 10_000;
const BODY_MS = 30_000;

/** CO8 to CO12. */
export const transportChecks = [
  slowCheck("CO8", {
    title: "the server pings, and drops who answers none of them",
    does: "answers one ping on a raw socket and then none; another client that answers stays",
  }, async (scene) => {
    const ann = await scene.connect("ann");
    const { heartbeatMs } = ann.welcome;
    scene.afford(2 * heartbeatMs, "a heartbeat that goes unanswered");
    const raw = await scene.raw();
    await scene.inTime(raw.readAnswer(), "the answer to a handshake");
    const untilPing = () => scene.inTime(readPing(raw), "a ping", heartbeatMs + SLACK_MS);
    await untilPing();
    await raw.writeFrame(new Uint8Array(0), { opcode: Opcode.pong });
    await untilPing();
    const end = raw.readToEnd();
    await scene.inTime(end, "the end of who answers no ping", 2 * heartbeatMs + SLACK_MS);
    await ann.hearNothing();
  }),

  check("CO9", {
    title: "close codes say why",
    does: "ends with 1000, breaks a bound, has its seat taken over, and stops a server",
  }, async (scene) => {
    const raw = await scene.raw();
    await scene.inTime(raw.readAnswer(), "the answer to a handshake");
    await raw.writeFrame(new Uint8Array([0x03, 0xe8]), { opcode: Opcode.close });
    const close = await scene.inTime(raw.readClose(), "the answer to a close frame");
    same("the answer to a close frame of 1000", close?.code, 1000);
    const ann = await scene.connect("ann");
    for (let n = 0; n < 10; n++) ann.sayText("no JSON");
    for (let n = 0; n < 10; n++) await ann.hear("error", { code: "bad-message" });
    await ann.hearEnd({ code: 1008, reason: "bad-message" });
    const bob = await scene.connect("bob");
    const { resumeToken } = await bob.join(scene.room, { resumable: true });
    if (resumeToken === undefined) scene.note("4001: the server grants no resume");
    else {
      const again = await scene.connect("bob again");
      await again.ask({ type: "resume", resumeToken, lastSeq: 0 }, "resumed", { missed: 0 });
      await bob.hearEnd({ code: 4001 });
    }
    scene.note("1013: connections that arrive in one instant cannot be arranged from outside");
    if (!scene.isOwn) return scene.note("1012: it takes a server that can be stopped");
    const at = await scene.ownServer();
    const cat = await scene.connect("cat", { at });
    await at.stop?.();
    await cat.hear("error", { code: "server-shutting-down" });
    await cat.hearEnd({ code: 1012 });
  }),

  check("CO10", {
    title: "an address holds a bounded number of connections, and this machine's are not counted",
    does:
      "connects as a trusted proxy for IPv4 and IPv6 clients, each network up to its bound of two",
  }, async (scene) => {
    const flags = ["--trusted-proxy", "127.0.0.1", "--max-connections-per-address", "2"];
    const at = await scene.ownServer(...flags);
    const as = (address: string) => ({ "X-Forwarded-For": address });
    const ann = await scene.connect("ann", { at, headers: as("198.51.100.1") });
    await scene.connect("bob", { at, headers: as("198.51.100.1") });
    const raw = await scene.raw({ at, headers: as("198.51.100.1") });
    const refused = await scene.inTime(raw.readAnswer(), "the answer to a handshake");
    same("the status of one too many", refused.status, 429);
    demand(Number(refused.headers["retry-after"]) > 0, "a Retry-After", refused.headers);
    const behind = as("203.0.113.9, 198.51.100.1");
    same("the right-most address counts", await handshake(scene, { at, headers: behind }), 429);
    same("another address", await handshake(scene, { at, headers: as("198.51.100.2") }), 101);
    await scene.connect("cat", { at, headers: as("2001:db8:1:2::1") });
    await scene.connect("dan", { at, headers: as("2001:db8:1:2:ffff::2") });
    same("the same /64", await handshake(scene, { at, headers: as("2001:db8:1:2::3") }), 429);
    same("another /64", await handshake(scene, { at, headers: as("2001:db8:1:3::1") }), 101);
    for (const name of ["eve", "fay", "gil"]) await scene.connect(name, { at });
    await ann.close();
    await untilStatus(scene, () => handshake(scene, { at, headers: as("198.51.100.1") }), 101);
  }),

  slowCheck("CO11", {
    title: "slow headers and idle connections are ended after 10 s",
    does:
      "sends half the headers of a request, and nothing after an answer; with --slow half a body",
  }, async (scene) => {
    const { listener } = scene.place;
    if (listener === "deno") throw new NotApplicable("Deno.serve has no deadlines");
    if (listener === undefined && !scene.isSlow) {
      throw new NotApplicable("it holds for the ws listener; --listener ws says that it serves");
    }
    const text = new TextEncoder();
    const half = await scene.rawConnection();
    const idle = await scene.rawConnection();
    await half.write(text.encode("GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgr"));
    await idle.write(text.encode("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    await scene.inTime(idle.readAnswer(), "an answer");
    await Promise.all([
      endsAfter(scene, half, { ms: HEADERS_MS, who: "who sends half the headers" }),
      endsAfter(scene, idle, { ms: HEADERS_MS, who: "who asks no more" }),
    ]);
    scene.note("connections of an address: those of the checking machine are not counted");
    if (!scene.isSlow) return scene.note(`half a body: it takes ${BODY_MS / 1000} s, see --slow`);
    const body = await scene.rawConnection();
    await body.write(text.encode(
      "POST /api/rooms HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" +
        "Content-Length: 100\r\n\r\n{",
    ));
    await endsAfter(scene, body, { ms: BODY_MS, who: "who sends half a body" });
  }),

  check("CO12", {
    title: "an address may not open connections without end",
    does: "opens and closes one after the other as a proxied client, up to the bound",
  }, async (scene) => {
    const flags = ["--trusted-proxy", "127.0.0.1", "--max-connections-per-address", "2"];
    const at = await scene.ownServer(...flags);
    const headers = { "X-Forwarded-For": "198.51.100.7" };
    for (let n = 0; n < 4; n++) {
      const actor = await scene.connect(`ann ${n}`, { at, headers });
      await actor.close();
    }
    const raw = await scene.raw({ at, headers });
    const { status, headers: { "retry-after": retryAfter } } = await scene.inTime(
      raw.readAnswer(),
      "the answer to a handshake",
    );
    same("the status of one too many", status, 429);
    demand(Number(retryAfter) >= 1 && Number(retryAfter) <= 30, "a Retry-After", retryAfter);
    const others = { "X-Forwarded-For": "198.51.100.8" };
    same("another address", await handshake(scene, { at, headers: others }), 101);
  }),
];

/** Reads up to the next ping. */
async function readPing(raw: RawSocket): Promise<void> {
  for (;;) {
    const frame = await raw.readFrame();
    if (frame === undefined) throw new Finding("a ping", "the end of the connection");
    if (frame.opcode === Opcode.close) {
      throw new Finding("a ping", `the close ${closeOf(frame).code}`);
    }
    if (frame.opcode === Opcode.ping) return;
  }
}

/** Demands that the server ends the connection after about `ms`, and not much earlier. */
async function endsAfter(
  scene: Scene,
  raw: RawSocket,
  { ms, who }: { ms: number; who: string },
): Promise<void> {
  const startedAt = scene.clock.elapsed();
  await scene.inTime(raw.readToEnd(), `the end of ${who}`, ms + SLACK_MS);
  const tookMs = scene.clock.elapsed() - startedAt;
  demand(tookMs > ms - 1_000, `${ms} ms for ${who}`, `the end after ${Math.round(tookMs)} ms`);
}

/** Takes the handshake and the welcome of a raw socket. */
export async function greeted(scene: Scene, raw: RawSocket): Promise<RawSocket> {
  const { status } = await scene.inTime(raw.readAnswer(), "the answer to a handshake");
  same("the status of a handshake", status, 101);
  await scene.inTime(readMessages(raw), "welcome");
  return raw;
}
