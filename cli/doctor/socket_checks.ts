/**
 * What a WebSocket to the server does on its way through whatever stands between: it opens, greets,
 * carries long messages, answers quickly, and lives through silence.
 */
import { SUBPROTOCOL } from "../../src/protocol/wire.ts";
import { pause } from "../scenarios/waiting.ts";
import { type Check, fail, ok, type Outcome, type SiteContext, skipped, warn } from "./check.ts";
import { type Message, Probe } from "./probe.ts";
import { explainFailure } from "./refusal.ts";

/** The longest message that the check sends, even where the server takes longer ones. */
const LARGE_BYTES = 65_536;
/** Pings that the latency is taken from. */
const PINGS = 10;
/** Slower than this, people talk over each other. */
const SLOW_MS = 400;
/** A heartbeat and a quarter of silence: the server's ping must have come meanwhile. */
const WAIT_FACTOR = 1.25;
const DEFAULT_HEARTBEAT_MS = 15_000;

/** The checks, in their order. */
export const SOCKET_CHECKS: readonly Check<SiteContext>[] = [
  { id: "upgrade", title: "WebSocket", needs: ["tls"], run: judgeUpgrade },
  { id: "origin", title: "page's origin", needs: ["upgrade"], run: judgeOrigin },
  { id: "compression", title: "compression", needs: ["upgrade"], run: judgeCompression },
  { id: "large", title: "large message", needs: ["upgrade"], run: judgeLargeMessage },
  { id: "latency", title: "round trip", needs: ["upgrade"], run: judgeLatency },
  {
    id: "forwarded",
    title: "X-Forwarded-For",
    run: () => skipped("cannot be seen from outside: name your proxy with --trusted-proxy"),
  },
];

/** It takes a while, so it comes last. */
export const IDLE_CHECK: Check<SiteContext> = {
  id: "idle",
  title: "silence",
  needs: ["upgrade"],
  run: judgeSilence,
};

/** Whether a socket opens and the server greets: rules CO1 to CO3. */
export async function judgeUpgrade(context: SiteContext): Promise<Outcome> {
  const { token } = context;
  try {
    await using probe = await Probe.open(context, { token });
    const welcome = await probe.hear("welcome");
    if (welcome === undefined) {
      return fail(
        `it opens, but no welcome comes${endOf(probe)}`,
        "Check the path of --url; a proxy may hold back what the server sends (buffering)",
      );
    }
    const isOurs = welcome.protocol === SUBPROTOCOL && probe.protocol === SUBPROTOCOL;
    if (isOurs) return ok(`opens, selects ${SUBPROTOCOL}, and greets`);
    return fail(`it greets with ${JSON.stringify(welcome.protocol)}`, "Check the path of --url");
  } catch (error) {
    return explainFailure(error, { hasToken: token !== undefined });
  }
}

/** Whether a page may open the socket: rule CO1, and proxies that change Host. */
export async function judgeOrigin(context: SiteContext): Promise<Outcome> {
  const { origin, token } = context;
  try {
    await using _probe = await Probe.open(context, { origin, token });
    return ok(`a page of ${origin} may connect`);
  } catch (error) {
    return explainFailure(error, { origin, hasToken: token !== undefined });
  }
}

/** Whether somebody between compresses: rule ME7 refuses it. */
export async function judgeCompression(context: SiteContext): Promise<Outcome> {
  await using probe = await Probe.open(context, { token: context.token });
  if (probe.extensions === "") return ok("offered, and not taken up");
  return warn(
    `taken up: ${probe.extensions}`,
    "Something between ends the WebSocket itself: the bounds of the server do not hold there",
  );
}

/** Whether a message of the full length passes. An unknown field fills it: rule ME5. */
export async function judgeLargeMessage(context: SiteContext): Promise<Outcome> {
  await using probe = await Probe.open(context, { token: context.token });
  const limits = fieldsOf((await probe.hear("welcome"))?.limits);
  const limit = limits.maxMessageBytes;
  const bytes = Math.min(LARGE_BYTES, typeof limit === "number" ? limit : LARGE_BYTES);
  const ping = { type: "ping", at: 1, padding: "" };
  ping.padding = "x".repeat(Math.max(0, bytes - JSON.stringify(ping).length));
  probe.send(ping);
  if (await probe.hear("pong") !== undefined) return ok(`${bytes} bytes pass`);
  return fail(
    `${bytes} bytes do not pass${endOf(probe)}`,
    "Raise the proxy's bound on WebSocket messages: offers and answers are long",
  );
}

/** How long a message takes there and back. */
export async function judgeLatency(context: SiteContext): Promise<Outcome> {
  const { clock } = context;
  await using probe = await Probe.open(context, { token: context.token });
  await probe.hear("welcome");
  const times: number[] = [];
  for (let at = 0; at < PINGS; at++) {
    const sentAt = clock.elapsed();
    probe.send({ type: "ping", at });
    if (await probe.hear("pong") === undefined) {
      return fail(`ping ${at + 1} is not answered${endOf(probe)}`, "See the server's log");
    }
    times.push(clock.elapsed() - sentAt);
  }
  times.sort((one, other) => one - other);
  const median = times[PINGS / 2] ?? 0;
  const found = `${median.toFixed(1)} ms (median of ${PINGS}, at most ${times.at(-1)?.toFixed(1)})`;
  return median <= SLOW_MS ? ok(found) : warn(found, "Put a server nearer to its users");
}

/** Whether a connection lives through the server's heartbeat: rule CO8, and a proxy's idle timeout. */
export async function judgeSilence(context: SiteContext): Promise<Outcome> {
  const { clock } = context;
  if (context.waitMs === 0) return skipped("--wait 0s");
  await using probe = await Probe.open(context, { token: context.token });
  const welcome = await probe.hear("welcome");
  const told = welcome?.heartbeatMs;
  const heartbeatMs = typeof told === "number" && told > 0 ? told : DEFAULT_HEARTBEAT_MS;
  const waitMs = context.waitMs ?? heartbeatMs * WAIT_FACTOR;
  const startedAt = clock.elapsed();
  while (probe.end === undefined && clock.elapsed() - startedAt < waitMs) {
    await pause(Math.min(100, waitMs), context);
  }
  probe.send({ type: "ping", at: 1 });
  const isAlive = probe.end === undefined && await probe.hear("pong") !== undefined;
  const seconds = (waitMs / 1_000).toFixed(1);
  if (!isAlive) {
    const lasted = ((probe.end?.at ?? clock.elapsed()) - startedAt) / 1_000;
    return fail(
      `ended after ${lasted.toFixed(1)} s of silence${endOf(probe)}`,
      `Raise the proxy's idle timeout above --heartbeat-ms (${heartbeatMs / 1_000} s; nginx: ` +
        "proxy_read_timeout and proxy_send_timeout), or lower that",
    );
  }
  const found = `alive after ${seconds} s of silence, ${probe.pings} pings came`;
  if (waitMs < heartbeatMs) return ok(`${found}; the heartbeat is ${heartbeatMs / 1_000} s`);
  if (probe.pings > 0) return ok(found);
  return warn(
    found,
    "Something between keeps the server's pings to itself: it must close the dead",
  );
}

function endOf({ end }: Probe): string {
  if (end === undefined) return "";
  return `: closed with ${end.code}${end.reason === "" ? "" : ` "${end.reason}"`}`;
}

function fieldsOf(value: unknown): Message {
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value))
    : {};
}
