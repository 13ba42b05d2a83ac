/** Captures played again by the command, as its users run it: the same, edited by hand, of the page. */
import assert from "node:assert/strict";
import type { ReplayReport } from "../../../cli/commands/replay.ts";
import { systemClock } from "../../../src/base/mod.ts";
import { parseRoomId, parseUserId } from "../../../static/state/ids.ts";
import { toJsonLines } from "../../../static/state/log_export.ts";
import type { SocketFactory } from "../../../static/state/socket.ts";
import { Workbench } from "../../../static/state/workbench.ts";
import { captureOf } from "../../support/capture_lines.ts";
import { freePort } from "../../support/ports.ts";
import { runCli } from "../../support/run_cli.ts";
import { ServerProcess } from "../../support/server_process.ts";
import { TestServer } from "../../support/test_server.ts";
import { waitUntil } from "../../support/wait_until.ts";

type Line = Record<string, unknown> & { message?: Record<string, unknown> };

Deno.test("a simulation of 20 users with churn replays without a difference, at any speed", async () => {
  await using folder = await Folder.make();
  const capture = await record(folder, [
    ...["--users", "20", "--rooms", "2", "--seed", "3"],
    ...["--churn", "1", "--duration", "1s", "--drop-ratio", "0.5"],
  ]);

  for (const speed of ["max", "5"]) {
    const { code, out } = await runCli("replay", [capture, "--speed", speed]);

    assert.equal(code, 0, out);
    assert.match(out, /^✔ SAME {2}20 clients, \d+ messages sent, [\d,]+ received in /);
  }
});

Deno.test("replay takes a server that runs already, beside rooms that are in use", async () => {
  await using folder = await Folder.make();
  const capture = await record(folder, ["--users", "6", "--room", "test", "--seed", "3"]);
  const server = TestServer.start();
  const ann = await server.join("test", "user-1");

  const clash = await runCli("replay", [
    ...[capture, "--url", server.url("/"), "--speed", "max", "--timeout", "200ms"],
  ]);
  const heard = ann.messages.length;
  const apart = await runCli("replay", [
    ...[capture, "--url", server.url("/"), "--speed", "max", "--room-prefix", "replay-"],
  ]);
  await ann.close();
  await server.close();

  assert.equal(clash.code, 1);
  assert.match(
    clash.out,
    /✘ user-1, line \d+\n +expected \{"type":"joined".*\n +seen +\{"type":"error"/,
  );
  assert.equal(apart.code, 0, apart.out);
  assert.equal(ann.messages.length, heard, "nobody of the replay came into the room");
});

const edits: readonly [what: string, edit: (lines: Line[], at: number) => void, seen: RegExp][] = [
  ["taken out", (lines, at) => lines.splice(at, 1), /expected nothing\n +seen +\{"type":"chat"/],
  [
    "changed",
    (lines, at) => lines[at]!.message!.text = "Changed by hand",
    /expected \{"type":"chat".*"Changed by hand".*\n +seen +\{"type":"chat"/,
  ],
  [
    "put in",
    (lines, at) => lines.splice(at, 0, structuredClone(lines[at]!)),
    /expected \{"type":"chat".*\n +seen +nothing/,
  ],
];

for (const [what, edit, seen] of edits) {
  Deno.test(`replay names the line where a message was ${what}`, async () => {
    await using folder = await Folder.make();
    const capture = await record(folder, ["--users", "5", "--room", "test", "--seed", "3"]);
    const lines: Line[] = (await Deno.readTextFile(capture)).trimEnd().split("\n")
      .map((line) => JSON.parse(line));
    const at = lines.findIndex(({ user, direction, message }) =>
      user === "user-2" && direction === "in" && message?.type === "chat" &&
      message.from !== "user-2"
    );
    const before = lines.findLastIndex(({ user, direction }, index) =>
      index < at && user === "user-2" && direction === "in"
    );
    edit(lines, at);
    await Deno.writeTextFile(capture, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));

    const json = `${folder.path}/outcome.json`;
    const { code, out } = await runCli("replay", [
      ...[capture, "--speed", "max", "--timeout", "200ms", "--json", json],
    ]);

    assert.equal(code, 1, out);
    assert.match(out, seen);
    assert.match(out, /✘ DIFFERS {2}1 difference; {2}5 clients/);
    const report: ReplayReport = JSON.parse(await Deno.readTextFile(json));
    assert.equal(report.format, "signalbox-replay/1");
    assert.equal(report.exitCode, 1);
    const [difference] = report.differences;
    assert.equal(difference?.user, "user-2");
    // Of two that are alike either may be the one too many.
    const expected = { "taken out": [before + 1], "changed": [at + 1], "put in": [at + 1, at + 2] };
    assert.ok(expected[what as keyof typeof expected].includes(difference.line), out);
    assert.equal(difference.isAfter, what === "taken out");
  });
}

Deno.test("replay finds that a server behaves otherwise", async () => {
  await using folder = await Folder.make();
  const capture = await record(folder, ["--users", "5", "--room", "test", "--seed", "3"]);
  const server = TestServer.start("--max-participants", "4");

  const { code, out } = await runCli("replay", [
    ...[capture, "--url", server.url("/"), "--speed", "max", "--timeout", "200ms"],
  ]);
  await server.close();

  assert.equal(code, 1);
  assert.match(out, /seen +\{"type":"error","code":"room-full"/);
});

Deno.test("[RE4, CR1, JO1] replay maps what the server makes anew: codes, user ids, resume tokens", async () => {
  await using folder = await Folder.make();
  const capture = `${folder.path}/by_hand.jsonl`;
  const server = TestServer.start();
  await Deno.writeTextFile(capture, await liveCapture(server));
  await server.close();

  const { code, out } = await runCli("replay", [capture, "--speed", "max"]);

  assert.equal(code, 0, out);
  assert.match(out, /✔ SAME {2}2 clients, 7 messages sent/);
});

Deno.test("the page's download replays", async () => {
  await using folder = await Folder.make();
  const capture = `${folder.path}/download.jsonl`;
  const server = TestServer.start();
  await Deno.writeTextFile(capture, await pageDownload(server));
  await server.close();

  const { code, out } = await runCli("replay", [capture, "--speed", "max"]);

  assert.equal(code, 0, out);
  assert.match(out, /✔ SAME {2}4 clients, /);
});

Deno.test("replay ends early at Ctrl-C, with 130", async () => {
  await using folder = await Folder.make();
  const capture = `${folder.path}/long.jsonl`;
  const text = captureOf('ann < {"type":"welcome"}', 'ann > {"type":"ping","at":1}');
  await Deno.writeTextFile(capture, text.replace('"at":10,', '"at":600000,'));
  await using server = await ServerProcess.start();

  const { code, out } = await runCli("replay", [capture, "--url", server.address], {
    interruptAt: /Signalbox replay/,
  });

  assert.equal(code, 130);
  assert.match(out, /■ INTERRUPTED/);
});

const line = '{"at":1,"user":"a","direction":"out","message":{"type":"ping","at":1}}\n';
const refused: readonly [text: string, args: string[], code: number, named: RegExp][] = [
  [line, ["--speed", "fast"], 2, /--speed "fast"/],
  [line, ["--room-prefix", "a b"], 2, /--room-prefix "a b"/],
  [line, ["--url", "ftp://x"], 2, /--url "ftp:\/\/x"/],
  [line, ["--url", `ws://127.0.0.1:${freePort()}`], 3, /Cannot connect to ws:/],
  [`${line}{"at":1}\n`, [], 2, /Cannot replay ".*": line 2: must have required properties user/],
  [`${line}nonsense\n`, [], 2, /line 2 is not JSON/],
  ["", [], 2, /nobody is in it/],
];

for (const [text, args, expected, named] of refused) {
  const what = [text.slice(line.length, -1), ...args].join(" ").replace(/:\d{4,5}/, "");
  Deno.test(`replay ends with ${expected} for "${what}"`, async () => {
    await using folder = await Folder.make();
    await Deno.writeTextFile(`${folder.path}/a.jsonl`, text);

    const { code, err } = await runCli("replay", [`${folder.path}/a.jsonl`, ...args]);

    assert.equal(code, expected, err);
    assert.match(err, named);
  });
}

Deno.test("replay needs a file that is there, and can be helped", async () => {
  const [none, missing, help] = await Promise.all([
    runCli("replay", ["--speed", "max"]),
    runCli("replay", ["/no/such/file"]),
    runCli("replay", ["--help"]),
  ]);

  assert.deepEqual([none.code, missing.code, help.code], [2, 2, 0]);
  assert.match(none.err, /Cannot replay without a capture/);
  assert.match(missing.err, /Cannot replay "\/no\/such\/file"/);
  for (const flag of "url speed room-prefix timeout json".split(" ")) {
    assert.ok(help.out.includes(`--${flag}`), flag);
  }
  assert.match(help.out, /Exit codes\n/);
  assert.match(help.out, /Examples\n/);
});

/** A folder that goes when the test does. */
class Folder {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async make(): Promise<Folder> {
    return new Folder(await Deno.makeTempDir());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}

async function record(folder: Folder, args: string[]): Promise<string> {
  const path = `${folder.path}/capture.jsonl`;
  const { code, out, err } = await runCli("simulate", [...args, "--quiet", "--record", path]);
  assert.equal(code, 0, out + err);
  return path;
}

/** Two clients in a room with a code: one without a name of its own, one that loses its connection. */
async function liveCapture(server: TestServer): Promise<string> {
  const lines: object[] = [];
  const counts = new Map<string, number>();
  const connect = async (user: string) => {
    lines.push({ at: 0, user, event: "connecting" });
    const client = await server.connect();
    // Keeps the order of the file true: what has come is written before what is said next.
    const take = () => {
      const key = `${user} ${client.socket.url}`;
      for (const message of client.messages.slice(counts.get(key) ?? 0)) {
        lines.push({ at: 0, user, direction: "in", message });
      }
      counts.set(key, client.messages.length);
    };
    counts.set(`${user} ${client.socket.url}`, 0);
    take();
    const say = (message: Record<string, unknown>) => {
      take();
      lines.push({ at: 0, user, direction: "out", message });
      client.say(message);
    };
    return { client, take, say };
  };
  const ann = await connect("ann");
  ann.say({ type: "create-room", kind: "meeting", requestId: 1 });
  const { roomId, hostKey } = await ann.client.hear("room-created");
  ann.say({ type: "join", roomId, hostKey, requestId: 2 });
  const { userId } = await ann.client.hear("joined");
  ann.take();
  const bob = await connect("bob");
  bob.say({ type: "join", roomId, userId: "bob", resumable: true, requestId: 1 });
  const { resumeToken } = await bob.client.hear("joined");
  await ann.client.hear("user-joined");
  bob.say({ type: "chat", to: userId, text: "Just you", requestId: 2 });
  await bob.client.hear("chat");
  await ann.client.hear("chat");
  bob.take();
  ann.take();
  bob.client.socket.close(4000);
  await ann.client.hear("participant-updated");
  lines.push({ at: 0, user: "bob", event: "ended", code: 4000 });
  ann.say({ type: "chat", text: "Missed", requestId: 3 });
  await ann.client.hear("chat");
  ann.take();
  const again = await connect("bob");
  const lastSeq = Math.max(...bob.client.messages.map((one) => (one as { seq?: number }).seq ?? 0));
  again.say({ type: "resume", resumeToken, lastSeq, requestId: 3 });
  await again.client.hear("chat");
  await ann.client.hear("participant-updated");
  again.say({ type: "leave", requestId: 4 });
  await again.client.hear("leaved");
  await ann.client.hear("user-left");
  again.take();
  ann.take();
  await again.client.close();
  await ann.client.close();
  await bob.client.untilClosed();
  return lines.map((one) => `${JSON.stringify(one)}\n`).join("");
}

/** What the page downloads after some company came, spoke and went. */
async function pageDownload(server: TestServer): Promise<string> {
  let open = 0;
  const connect: SocketFactory = (events) => {
    const socket = new WebSocket(server.url("/ws").replace("http", "ws"), "signalbox.v1");
    open++;
    socket.onopen = () => events.opened();
    socket.onmessage = ({ data }) => events.received(data);
    socket.onclose = ({ code, reason }) => {
      open--;
      events.closed(code, reason);
    };
    return {
      send: (text) => socket.send(text),
      sendBytes: () => false,
      bufferedAmount: 0,
      close: (code) => socket.close(code),
    };
  };
  const timers = new Set<unknown>();
  const clock = { ...systemClock, after: countedTimers(timers) };
  const bench = new Workbench({ clock, connect, random: Math.random });
  const roomId = parseRoomId("download")!;
  const inRoom = (count: number) =>
    waitUntil(() => {
      const present = bench.roster.value.participants.length;
      return present === count ? undefined : `${present} of ${count} are there`;
    });
  bench.connect();
  bench.join({ roomId, userId: parseUserId("ann")! });
  await inRoom(1);
  bench.simulated.add(3, { roomId, base: "ann" });
  await inRoom(4);
  const [first, second] = bench.simulated.list.value;
  bench.say("Hello");
  bench.simulated.sendTextAs(first!.key, '{"type":"chat","text":"ü 🙃"}');
  bench.simulated.sendTextAs(first!.key, "{not json");
  bench.toggle("audio");
  await waitUntil(() => bench.chat.value.length < 2 ? "no chat yet" : undefined);
  bench.simulated.drop(first!.key);
  await inRoom(3);
  bench.simulated.leave(second!.key);
  await inRoom(2);
  bench.simulated.leaveAll();
  await inRoom(1);
  bench.leave();
  await waitUntil(() => bench.state.value.phase === "open" ? undefined : "it is in the room");
  const text = toJsonLines(bench.log.collected());
  bench.disconnect();
  await waitUntil(() => open === 0 ? undefined : `${open} sockets are open`);
  await waitUntil(() => timers.size === 0 ? undefined : `${timers.size} timers wait`);
  return text;
}

/** Timers of which it can be seen whether they still wait. */
function countedTimers(waiting: Set<unknown>): typeof systemClock.after {
  return (delayMs, callback) => {
    const timer = {};
    waiting.add(timer);
    const cancel = systemClock.after(delayMs, () => {
      waiting.delete(timer);
      callback();
    });
    return () => {
      waiting.delete(timer);
      cancel();
    };
  };
}
