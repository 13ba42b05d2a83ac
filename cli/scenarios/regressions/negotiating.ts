/**
 * Steps in which pairs set up calls in the ways that go wrong elsewhere: both offer at once, and
 * candidates come before and after the description they belong to. The server does not settle who
 * yields; it owes each side everything the other sent, once and in order (rules RL1, OR3).
 */
import type { PhaseContext } from "../phase_context.ts";
import { settle } from "../phases.ts";
import type { Phase } from "../progress.ts";
import { pairUp } from "../calls.ts";
import type { SimulatedUser } from "../simulated_user.ts";

/** How often a pair begins anew; all of it is less than a server takes of one client at once. */
const ROUNDS = 15;
/** Candidates before a description, and as many after it. */
const CANDIDATES = 4;

/** Both of each pair offer in the same moment, and answer what they get all the same. */
export async function offerAtOnce(context: PhaseContext, phase: Phase): Promise<void> {
  await forEachRound(context, phase, ([one, other], round) => {
    offer(context, { from: one, to: other, round });
    offer(context, { from: other, to: one, round });
  });
}

/** Candidates before the offer and after it, on both sides, and the word that these were all. */
export async function sendCandidatesEarly(context: PhaseContext, phase: Phase): Promise<void> {
  await forEachRound(context, phase, ([caller, callee], round) => {
    const { step } = context;
    const answer = () => {
      trickle(context, { from: callee, to: caller, name: `before answer ${round}` });
      const body = `v=0\r\ns=answer ${round} of ${callee.userId}\r\n`;
      callee.relay(caller, { type: "answer", body, step });
      trickle(context, { from: callee, to: caller, name: `after answer ${round}` });
      callee.relay(caller, { type: "ice-candidate", body: null, step });
    };
    trickle(context, { from: caller, to: callee, name: `before offer ${round}` });
    const body = `v=0\r\ns=offer ${round} of ${caller.userId}\r\n`;
    caller.relay(callee, { type: "offer", body, step, onArrival: answer });
    trickle(context, { from: caller, to: callee, name: `after offer ${round}` });
    caller.relay(callee, { type: "ice-candidate", body: null, step });
  });
}

async function forEachRound(
  context: PhaseContext,
  phase: Phase,
  begin: (pair: readonly [SimulatedUser, SimulatedUser], round: number) => void,
): Promise<void> {
  const pairs = pairUp(context.users.filter(({ stay }) => stay !== undefined));
  phase.total = ROUNDS;
  for (let round = 1; round <= ROUNDS; round++) {
    for (const pair of pairs) begin(pair, round);
    context.counts.calls += pairs.length;
    phase.done++;
    // Most rounds begin while the one before is under way; some after it has ended.
    if (round % 5 === 0) await settle(context, phase);
  }
}

function offer(
  { step }: PhaseContext,
  { from, to, round }: { from: SimulatedUser; to: SimulatedUser; round: number },
): void {
  const body = `v=0\r\ns=offer ${round} of ${from.userId}\r\n`;
  const onArrival = () => {
    const answer = `v=0\r\ns=answer to ${round} of ${from.userId}\r\n`;
    to.relay(from, { type: "answer", body: answer, step });
  };
  from.relay(to, { type: "offer", body, step, onArrival });
}

function trickle(
  { step }: PhaseContext,
  { from, to, name }: { from: SimulatedUser; to: SimulatedUser; name: string },
): void {
  for (let number = 1; number <= CANDIDATES; number++) {
    const body = `candidate:${number} 1 udp 1677729535 192.0.2.${number} 40000 typ host ${name}`;
    from.relay(to, { type: "ice-candidate", body, step });
  }
}
