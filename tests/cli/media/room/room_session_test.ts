/** A stay in a room of the real server: in, asked, lost, back, out. */
import assert from "node:assert/strict";
import { ConnectError } from "../../../../cli/client.ts";
import {
  JoinRefused,
  type RoomNow,
  RoomSession,
  type RoomSessionOptions,
} from "../../../../cli/media/room/room_session.ts";
import { systemClock } from "../../../../src/base/mod.ts";
import type { ServerMessage } from "../../../../src/protocol/mod.ts";
import { freePort } from "../../../support/ports.ts";
import { TcpProxy } from "../../../support/tcp_proxy.ts";
import { type TestClient, TestServer } from "../../../support/test_server.ts";
import { waitUntil } from "../../../support/wait_until.ts";

Deno.test("[JO1, JO2] RoomSession enters, asks and hears, and leaves", async () => {
  const server = TestServer.start();
  const bob = await server.join("test", "bob");
  const ann = new Stay(server);
  await ann.session.enter();
  assert.equal(ann.session.userId, "ann");
  assert.deepEqual(ann.entered.map(({ participants, isNew }) => [participants.length, isNew]), [
    [2, true],
  ]);

  const pong = await ann.session.ask({ type: "ping", at: 7 });
  assert.equal(pong?.type, "pong");
  assert.equal(await ann.session.ask({ type: "publish", tracks: [] }), undefined);
  assert.match(ann.notices.join(), /refuses publish: .*bad-message/);
  assert.equal(ann.session.send({ type: "chat", text: "hello" }), true);
  await bob.hear("chat");
  await ann.session.close();
  await ann.session.close();

  await bob.hear("user-left");
  assert.equal(ann.session.send({ type: "ping", at: 1 }), false);
  assert.deepEqual(ann.ended, []);
  await leave(bob);
  await server.close();
});

Deno.test("[JO5, JO6] RoomSession is refused with the server's words", async () => {
  const server = TestServer.start();
  const bob = await server.join("test", "ann");

  const taken = new Stay(server);
  await assert.rejects(taken.session.enter(), (error) => {
    assert.ok(error instanceof JoinRefused);
    assert.match(error.message, /user-id-taken/);
    return true;
  });
  const viewer = new Stay(server, { roomId: "nowhere", role: "viewer" });
  await assert.rejects(viewer.session.enter(), /room-not-found/);
  await leave(bob);
  await server.close();
});

Deno.test("RoomSession tells that nobody answers", async () => {
  const nobody = new Stay({ url: () => `http://127.0.0.1:${freePort()}/ws` });

  await assert.rejects(nobody.session.enter(), ConnectError);
});

Deno.test("[RE4] RoomSession takes its seat again when its connection is lost", async () => {
  const server = TestServer.start();
  const proxy = new TcpProxy(server.port);
  const ann = new Stay({ url: (path) => `${proxy.address}${path}` });
  const bob = await server.join("test", "bob");
  await ann.session.enter();

  proxy.cut();
  await waitUntil(() => ann.resumed > 0 ? undefined : `not back: ${ann.notices}`);

  assert.equal(ann.entered.length, 1, "the room is as it was");
  assert.equal((await ann.session.ask({ type: "ping", at: 1 }))?.type, "pong");
  await ann.session.close();
  await leave(bob);
  await proxy.close();
  await server.close();
});

Deno.test("[LB2, LB4, LB5] RoomSession waits in a lobby until a host decides", async () => {
  const server = TestServer.start();
  const host = await server.join("test", "host");
  host.say({ type: "lobby", enabled: true, requestId: 1 });
  await host.hear("ok");
  const [ann, bob] = [new Stay(server), new Stay(server, { userId: "bob" })];
  const [entering, refused] = [ann.session.enter(), bob.session.enter()];
  const failing = assert.rejects(refused, /denied/);
  await waitUntil(() => {
    const knocks = host.messages.filter(({ type }) => type === "knock").length;
    return knocks === 2 ? undefined : `${knocks} knocked`;
  });

  host.say({ type: "admit", userId: "ann" });
  host.say({ type: "deny", userId: "bob" });
  await Promise.all([entering, failing]);

  assert.match(ann.notices.join(), /lobby/);
  assert.equal(ann.entered.length, 1);
  await ann.session.close();
  await leave(host);
  await server.close();
});

Deno.test("[LE6, KI1] RoomSession is over when the server ends the stay", async () => {
  const server = TestServer.start();
  const host = await server.join("test", "host");
  const ann = new Stay(server);
  await ann.session.enter();

  host.say({ type: "kick", userId: "ann" });
  await waitUntil(() => ann.ended.length > 0 ? undefined : "it goes on");

  assert.deepEqual(ann.ended, ["The stay is over: kicked"]);
  await ann.session.close();
  await leave(host);
  await server.close();
});

async function leave(client: TestClient): Promise<void> {
  client.socket.close();
  await client.untilClosed();
}

/** One stay, with everything that it was told. */
class Stay {
  readonly entered: RoomNow[] = [];
  readonly heard: ServerMessage[] = [];
  readonly notices: string[] = [];
  readonly ended: string[] = [];
  resumed = 0;
  readonly session: RoomSession;

  constructor(server: { url: (path: string) => string }, join: Record<string, unknown> = {}) {
    const options: RoomSessionOptions = {
      url: server.url("/ws").replace("http", "ws"),
      token: undefined,
      join: { type: "join", roomId: "test", userId: "ann", ...join },
      clock: systemClock,
      entered: (room) => this.entered.push(room),
      heard: (message) => this.heard.push(message),
      resumed: () => this.resumed++,
      ended: (why) => this.ended.push(why),
      notice: (words) => this.notices.push(words),
    };
    this.session = new RoomSession(options);
  }
}
