/** A server that dies in the middle of 500 users, and comes back: so do they. */
import assert from "node:assert/strict";
import { Session } from "../../cli/repl/session.ts";
import { makeStream } from "../../cli/terminal.ts";
import { systemClock } from "../../src/base/mod.ts";
import { ServerProcess } from "../support/server_process.ts";
import { waitUntil } from "../support/wait_until.ts";

const USERS = 500;

Deno.test("[RE8] [CO9] scenario: 500 users are back after kill -9 and a restart, each once", async () => {
  const first = await ServerProcess.start();
  const { port } = first;
  const url = `${first.address.replace("http:", "ws:")}/ws`;
  const stream = makeStream(() => {}, { isTty: false, hasColour: false });
  const sessions: Session[] = [];
  for (let n = 0; n < USERS; n++) {
    const session = await Session.open({
      url,
      connectTimeoutMs: 5_000,
      clock: systemClock,
      isReturning: true,
      stream,
      print: () => {},
      onLost: ({ code, reason }) => assert.fail(`user-${n} was given up: ${code} ${reason}`),
    });
    await session.run({ kind: "join", roomId: "test", userId: `user-${n}` });
    sessions.push(session);
  }
  const everyone = sessions.map(({ userId }) => userId).sort().join();

  await first.kill();
  const second = await ServerProcess.start({ port });
  const startedAt = performance.now();
  await waitUntil(async () => {
    const response = await fetch(`${second.address}/api/rooms/test`);
    const { participants = 0 } = await response.json();
    return participants === USERS ? undefined : `${participants} of ${USERS} are back`;
  });
  const backMs = performance.now() - startedAt;
  await waitUntil(() => {
    const wrong = sessions.filter(({ users }) => [...users].sort().join() !== everyone);
    return wrong.length === 0 ? undefined : `${wrong.length} rosters are not complete`;
  });

  // deno-lint-ignore no-console -- how long it took is worth knowing and no verdict
  console.info(`all ${USERS} back ${Math.round(backMs)} ms after the restart`);
  await Promise.all(sessions.map((session) => session.close()));
  assert.equal(await second.stop(), 0);
});
