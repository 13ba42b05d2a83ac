/**
 * A session of the page with a fake clock and fake sockets, and what it told its owner: for the tests
 * of `static/state/session.ts`.
 */
import type { ServerMessageOf } from "../../src/protocol/mod.ts";
import { parseRoomId, parseUserId } from "../../static/state/ids.ts";
import { Session } from "../../static/state/session.ts";
import type { JoinRequest } from "../../static/state/session_state.ts";
import { FakeClock } from "./fake_clock.ts";
import { PageSockets } from "./page_sockets.ts";

/** What the tests join with. */
export const request: JoinRequest = { roomId: parseRoomId("test")!, userId: parseUserId("ann")! };

/** A session and all that surrounds it. */
export interface SessionFixture {
  readonly session: Session;
  readonly sockets: PageSockets;
  readonly clock: FakeClock;
  readonly logged: [direction: string, message: unknown][];
  /** The types of the messages that it passed on. */
  readonly received: string[];
  readonly refused: ServerMessageOf<"error">[];
  readonly measured: number[];
  /** The binary frames that it passed on. */
  readonly frames: Uint8Array[];
}

/** A session that is connected to nothing yet. */
export function idleSession(): SessionFixture {
  const clock = new FakeClock();
  const sockets = new PageSockets();
  const logged: [direction: string, message: unknown][] = [];
  const received: string[] = [];
  const refused: ServerMessageOf<"error">[] = [];
  const measured: number[] = [];
  const frames: Uint8Array[] = [];
  const session = new Session({
    clock,
    connect: sockets.connect,
    random: () => 0.5,
    pingPeriodMs: 5_000,
    handler: {
      changed: () => {},
      logged: (direction, message) => logged.push([direction, message]),
      received: (message) => received.push(message.type),
      refused: (error) => refused.push(error),
      measured: (roundTripMs) => measured.push(roundTripMs),
      receivedFrame: (frame) => frames.push(frame),
    },
  });
  return { session, sockets, clock, logged, received, refused, measured, frames };
}

/** A session that is in room `test` as `ann`. */
export function joinedSession(): SessionFixture {
  const parts = idleSession();
  parts.session.join(request);
  parts.sockets.last.welcome().joined("test", "ann");
  return parts;
}

/** Lets time pass on a connection that is alive. */
export function answerPings(sockets: PageSockets, clock: FakeClock, ms: number): void {
  for (let passed = 0; passed < ms; passed += 1_000) {
    clock.advance(1_000);
    sockets.last.receive({ type: "pong", at: -1 });
  }
}

/** An error of the server; `requestId` ties it to what it answers. */
export function error(code: string, requestId?: unknown): Record<string, unknown> {
  return { type: "error", code, message: "Cannot", ...(requestId ? { requestId } : {}) };
}
