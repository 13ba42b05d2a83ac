/**
 * Calls: pairs of users set up a connection between them as browsers do. One offers, the other
 * answers when the offer has arrived, and both send their candidates one by one, all of it through
 * the server (rule RL1). Nobody hears any media; what arrives is compared with what was sent.
 */
import { untilDue } from "./pacing.ts";
import type { PhaseContext } from "./phase_context.ts";
import type { Phase } from "./progress.ts";
import { planCalls } from "./settings.ts";
import type { SimulatedUser } from "./simulated_user.ts";

/** Candidates of each side: host, reflexive and relayed ones over a few interfaces. */
const CANDIDATES = 6;
/** What browsers send: an offer of audio, video and data has 5 to 7 kB, an answer less. */
const OFFER_BYTES = 6_000;
const ANSWER_BYTES = 4_000;

/** Two users of one room. */
export type Pair = readonly [SimulatedUser, SimulatedUser];

/** Neighbours of each room in pairs; an odd one is left out. */
export function pairUp(users: readonly SimulatedUser[]): Pair[] {
  const waiting = new Map<unknown, SimulatedUser>();
  const pairs: Pair[] = [];
  for (const user of users) {
    const partner = waiting.get(user.room);
    if (partner === undefined) {
      waiting.set(user.room, user);
      continue;
    }
    waiting.delete(user.room);
    pairs.push([partner, user]);
  }
  return pairs;
}

/** Lets `pairs` call each other in turn, for the time and at the rate of the settings. */
export async function makeCalls(
  context: PhaseContext,
  phase: Phase,
  pairs: readonly Pair[],
): Promise<void> {
  const { clock, settings, counts, random } = context;
  if (pairs.length === 0) return;
  const { messages: calls, perSecond } = planCalls(settings, pairs.length);
  phase.total += calls;
  const startedAt = clock.elapsed();
  let queue: Pair[] = [];
  for (let made = 0; made < calls; made++) {
    const dueAt = await untilDue(made, { ...context, startedAt, perSecond });
    if (queue.length === 0) queue = random.shuffled(pairs);
    const [one, other] = queue.pop()!;
    const [caller, callee] = random.next() < 0.5 ? [one, other] : [other, one];
    phase.done++;
    if (caller.stay === undefined || callee.stay === undefined) continue;
    counts.calls++;
    call(caller, callee, { step: context.step, number: counts.calls, dueAt });
  }
}

function call(
  caller: SimulatedUser,
  callee: SimulatedUser,
  { step, number, dueAt }: { step: number; number: number; dueAt: number },
): void {
  const onArrival = () => {
    callee.relay(caller, { type: "answer", body: description(number, ANSWER_BYTES), step });
    trickle(callee, caller, { step, number });
  };
  caller.relay(callee, {
    ...{ type: "offer", body: description(number, OFFER_BYTES), step, dueAt, onArrival },
  });
  trickle(caller, callee, { step, number });
}

function trickle(
  from: SimulatedUser,
  to: SimulatedUser,
  { step, number }: { step: number; number: number },
): void {
  for (let index = 0; index < CANDIDATES; index++) {
    const body = `candidate:${number}${index} 1 udp 1677729535 192.0.2.${index + 1} ` +
      `${
        40_000 + (number % 20_000)
      } typ srflx raddr 0.0.0.0 rport 0 generation 0 ufrag Es${number}`;
    from.relay(to, { type: "ice-candidate", body, step });
  }
  from.relay(to, { type: "ice-candidate", body: null, step });
}

/** A description of `bytes` or a little more, like no other of the run. */
function description(number: number, bytes: number): string {
  const lines = [
    "v=0",
    `o=- ${4_611_731_400_430_000 + number} 2 IN IP4 127.0.0.1`,
    "s=-",
    "t=0 0",
    "a=group:BUNDLE 0 1 2",
    "m=video 9 UDP/TLS/RTP/SAVPF 96 97 98 99",
    "c=IN IP4 0.0.0.0",
    `a=ice-ufrag:Es${number}`,
    "a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1",
    "a=fingerprint:sha-256 D2:FA:0E:C3:22:59:5E:14:95:69:92:3D:13:B4:84:24:2C:C2:A2:C0:3E:FD:34",
    "a=setup:actpass",
    "a=mid:0",
  ];
  return `${lines.join("\r\n")}\r\n`.padEnd(bytes, PAYLOAD_LINES);
}

/** What most of a description consists of: the formats of each medium. */
const PAYLOAD_LINES = Array.from(
  { length: 60 },
  (_, index) =>
    `a=rtpmap:${96 + index} VP8/90000\r\na=rtcp-fb:${96 + index} transport-cc\r\n` +
    `a=rtcp-fb:${96 + index} nack pli\r\n`,
).join("");
