/** Every state of a session against everything that can happen to it: where it stands afterwards. */
import assert from "node:assert/strict";
import { parseRoomId, parseUserId } from "../../../static/state/ids.ts";
import { Session } from "../../../static/state/session.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { PageSockets } from "../../support/page_sockets.ts";

type Step = (session: Session, sockets: PageSockets) => void;

const request = { roomId: parseRoomId("test")!, userId: parseUserId("ann")! };

/** How to get a fresh session into each state. */
const states: Record<string, Step> = {
  idle: () => {},
  connecting: (session) => session.connect(),
  open: (session, sockets) => {
    session.connect();
    sockets.last.welcome();
  },
  joining: (session, sockets) => {
    session.join(request);
    sockets.last.welcome();
  },
  joined: (session, sockets) => {
    session.join(request);
    sockets.last.welcome().joined("test", "ann");
  },
  reconnecting: (session, sockets) => {
    session.connect();
    sockets.last.lose(1006);
  },
  closed: (session) => {
    session.connect();
    session.disconnect();
  },
};

const events: Record<string, Step> = {
  connect: (session) => session.connect(),
  join: (session) => session.join(request),
  leave: (session) => session.leave(),
  disconnect: (session) => session.disconnect(),
  welcome: (_, sockets) => sockets.all.at(-1)?.welcome(),
  joinedMessage: (_, sockets) => sockets.all.at(-1)?.joined("test", "ann"),
  leavedMessage: (_, sockets) =>
    sockets.all.at(-1)?.receive({ type: "leaved", roomId: "test", userId: "ann" }),
  lost: (_, sockets) => sockets.all.at(-1)?.lose(1006),
  ended: (_, sockets) => sockets.all.at(-1)?.lose(1008, "rate-limited"),
};

/** The columns, in the order of `events`. A dash: nothing changes. */
const table: Record<string, string> = {
  idle: "connecting connecting - closed - - - - -",
  connecting: "- - - closed open - - reconnecting closed",
  open: "- joining - closed - joined - reconnecting closed",
  joining: "- - - closed - joined open reconnecting closed",
  joined: "- - - closed - - open reconnecting closed",
  reconnecting: "connecting connecting - closed - - - - -",
  closed: "connecting connecting - - - - - - -",
};

for (const [state, row] of Object.entries(table)) {
  for (const [index, expected] of row.split(" ").entries()) {
    const event = Object.keys(events)[index]!;

    Deno.test(`Session is ${expected === "-" ? state : expected}: ${state}, then ${event}`, () => {
      const sockets = new PageSockets();
      const session = create(sockets);
      states[state]!(session, sockets);
      assert.equal(nameOf(session), state);

      events[event]!(session, sockets);

      assert.equal(nameOf(session), expected === "-" ? state : expected);
    });
  }
}

function create(sockets: PageSockets): Session {
  const ignore = () => {};
  return new Session({
    clock: new FakeClock(),
    connect: sockets.connect,
    random: () => 0.5,
    pingPeriodMs: 5_000,
    handler: {
      changed: ignore,
      logged: ignore,
      received: ignore,
      refused: ignore,
      measured: ignore,
    },
  });
}

function nameOf({ state }: Session): string {
  return state.phase === "open" && state.isJoining ? "joining" : state.phase;
}
