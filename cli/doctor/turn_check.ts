/**
 * Whether the TURN servers that clients are told of give them a relay, each URL by itself: over UDP, TCP
 * or TLS, with credentials as a client gets them (rule IC1).
 */
import { isIPv4 } from "node:net";
import { ATTRIBUTE, METHOD, type StunMessage, uint32 } from "../../src/turn/stun_message.ts";
import { readXorAddress } from "../../src/turn/transport_address.ts";
import { type Check, fail, ok, type Outcome, type SiteContext, skipped, warn } from "./check.ts";
import { Probe } from "./probe.ts";
import { errorCodeOf, NoAnswer, TurnExchange, type TurnTarget } from "./turn_exchange.ts";

/** IANA protocol number of UDP: what is to be relayed. */
const OVER_UDP = Uint8Array.of(17, 0, 0, 0);
/** RFC 7065, section 3.1. */
const PORTS = { turn: 3478, turns: 5349 } as const;

/** The check. */
export const TURN_CHECK: Check<SiteContext> = {
  id: "turn",
  title: "TURN",
  needs: ["upgrade"],
  run: judgeTurn,
};

/** A URL of a TURN server, and what opens it. */
export type TurnUrl = {
  readonly url: string;
  readonly username: string;
  readonly credential: string;
};

/** What came of one. */
type Tried = { readonly url: string; readonly outcome: Outcome };

/** Judges all that `welcome` names. */
export async function judgeTurn(context: SiteContext): Promise<Outcome> {
  const urls = await askForUrls(context);
  if (urls.length === 0) {
    return skipped("the server names no TURN server: --turn-url, or --turn embedded");
  }
  const tried: Tried[] = [];
  for (const one of urls) tried.push({ url: one.url, outcome: await judgeUrl(one, context) });
  return summed(tried);
}

/** Judges one URL. */
export async function judgeUrl(
  { url, username, credential }: TurnUrl,
  context: Pick<SiteContext, "clock" | "ca" | "site">,
): Promise<Outcome> {
  const target = readTurnUrl(url);
  if (target === undefined) {
    return fail("no URL of TURN", "Write it as turn:turn.example.org:3478?transport=udp");
  }
  if (target === "dtls") return skipped("over DTLS, which the doctor does not speak");
  const { clock, ca } = context;
  const startedAt = clock.elapsed();
  try {
    await using exchange = await TurnExchange.open(target, { username, credential, clock, ca });
    const wish = [[ATTRIBUTE.requestedTransport, OVER_UDP]] as const;
    const answer = await exchange.request(METHOD.allocate, wish);
    const ms = clock.elapsed() - startedAt;
    if (answer.kind === "success") {
      await exchange.request(METHOD.refresh, [[ATTRIBUTE.lifetime, uint32(0)]]);
    }
    return judgeAnswer(answer, { ms, isLoopback: context.site.isLoopback });
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    return judgeSilence(target, error.message);
  }
}

/** What a server says to who wants a relay. */
export function judgeAnswer(
  answer: StunMessage,
  { ms, isLoopback }: { ms: number; isLoopback: boolean },
): Outcome {
  const code = errorCodeOf(answer);
  if (code !== undefined) return judgeCode(code);
  const relayed = readXorAddress(answer.attributes.get(ATTRIBUTE.xorRelayedAddress));
  if (relayed === "other-family") return ok(`relays over IPv6, ${ms.toFixed(0)} ms`);
  if (relayed === undefined || answer.kind !== "success") {
    return fail("it answers, and gives no relay address", "Check what listens there: is it TURN?");
  }
  const found = `relays at ${relayed.address}:${relayed.port}, ${ms.toFixed(0)} ms`;
  if (isLoopback || !isPrivate(relayed.address)) return ok(found);
  return warn(
    `${found}, which nobody outside reaches`,
    "Name the public address: external-ip of coturn, --public-ip of the embedded server",
  );
}

/** Where a URL leads; `dtls` for what is TURN over DTLS; undefined for what is none of TURN. */
export function readTurnUrl(url: string): TurnTarget | "dtls" | undefined {
  const pattern = /^(turns?):(\[[\da-f:.]+\]|[^:?[\]]+)(?::(\d{1,5}))?(?:\?transport=(udp|tcp))?$/i;
  const [, scheme, host, port, transport] = pattern.exec(url) ?? [];
  if (scheme === undefined || host === undefined) return undefined;
  const isSecure = scheme.toLowerCase() === "turns";
  const wanted = transport?.toLowerCase();
  if (isSecure && wanted === "udp") return "dtls";
  return {
    host: host.replace(/^\[(.*)\]$/, "$1"),
    port: port === undefined ? PORTS[isSecure ? "turns" : "turn"] : Number(port),
    transport: isSecure ? "tls" : wanted === "tcp" ? "tcp" : "udp",
  };
}

async function askForUrls(context: SiteContext): Promise<TurnUrl[]> {
  await using probe = await Probe.open(context, { token: context.token });
  const servers = (await probe.hear("welcome"))?.iceServers;
  if (!Array.isArray(servers)) return [];
  return servers.flatMap((server: Record<string, unknown>): TurnUrl[] => {
    const { urls, username, credential } = server;
    return [urls].flat().map(String).filter((url) => /^turns?:/i.test(url))
      .map((url) => ({ url, username: `${username ?? ""}`, credential: `${credential ?? ""}` }));
  });
}

function judgeCode(code: number): Outcome {
  switch (code) {
    case 401:
    case 441:
      return fail(
        `${code}: it does not take the credentials`,
        "Give both the same secret (--turn-secret, static-auth-secret of coturn with " +
          "use-auth-secret), and let their clocks agree",
      );
    case 486:
      return fail("486: the quota is reached", "Raise user-quota and total-quota of coturn");
    case 508:
      return fail("508: no relay address is free", "Widen its range of ports, or free some");
    default:
      return fail(`${code}: it refuses to relay`, "See the log of the TURN server");
  }
}

function judgeSilence({ port, transport }: TurnTarget, reason: string): Outcome {
  const protocol = transport === "udp" ? "UDP" : "TCP";
  const certificate = transport === "tls" ? ", and its certificate" : "";
  return fail(
    reason,
    `Start the TURN server, open ${protocol} port ${port} to it, and check its name${certificate}`,
  );
}

/** The worst of all, where none works; what does not work is told either way. */
function summed(tried: readonly Tried[]): Outcome {
  const found = tried.map(({ url, outcome }) => `${url} ${outcome.found}`).join("; ");
  const advice = tried.map(({ outcome }) => outcome.advice).find((one) => one !== undefined);
  const states = tried.map(({ outcome: { state } }) => state);
  if (advice === undefined) return states.includes("ok") ? ok(found) : skipped(found);
  return states.some((state) => state === "ok" || state === "warn")
    ? warn(found, advice)
    : fail(found, advice);
}

/** RFC 1918, loopback and link-local. */
function isPrivate(address: string): boolean {
  return isIPv4(address) &&
    /^(10\.|127\.|169\.254\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(address);
}
