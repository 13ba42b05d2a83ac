/** The proxy as its users run it: a process with the permissions of its task. */
import assert from "node:assert/strict";
import rootConfig from "../../../deno.json" with { type: "json" };
import { freePort } from "../../support/ports.ts";
import { runCli } from "../../support/run_cli.ts";
import { TestClient, TestServer } from "../../support/test_server.ts";

Deno.test("proxy stands in front of a server, writes its log, and ends with 0 at Ctrl-C", async () => {
  const server = TestServer.start();
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/faults.json`, '{"faults":[{"kind":"drop","type":"pong"}]}');
  const [, ...args] = rootConfig.tasks.proxy.split(/\s+/);
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...args,
      ...["--to", server.url("/"), "--listen", "127.0.0.1:0", "--fault", `${folder}/faults.json`],
      ...[
        "--duplicate",
        "chat:1",
        "--fault-direction",
        "to-client",
        "--log",
        `${folder}/log.jsonl`,
        "--seed",
        "7",
      ],
    ],
    cwd: new URL("../../../", import.meta.url),
    env: { NO_COLOR: "1" },
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value: line = "" } = await reader.read();
  assert.match(line, /^Proxy on http:\/\/127\.0\.0\.1:\d+ to http:\S+, 2 faults, seed 7\n$/);

  const client = new TestClient(`ws://${/127\.0\.0\.1:\d+/.exec(line)![0]}/ws`, "signalbox.v1");
  await client.hear("welcome");
  client.say({ type: "join", roomId: "test", userId: "ann" });
  client.say({ type: "ping", at: 1 });
  client.say({ type: "chat", text: "Hello" });
  await client.hear("chat");
  await client.close();
  child.kill("SIGINT");
  const { value: rest } = await reader.read();
  const { code } = await child.status;
  await reader.cancel();
  await server.close();
  const log = (await Deno.readTextFile(`${folder}/log.jsonl`)).trimEnd().split("\n");
  await Deno.remove(folder, { recursive: true });

  assert.equal(code, 0);
  assert.match(rest ?? "", /^2 decisions\n$/);
  assert.equal(client.count("pong"), 0);
  assert.deepEqual(
    log.map((one) => JSON.parse(one)).map(({ user, direction, type, fault }) => ({
      ...{ user, direction, type, fault },
    })),
    [
      { user: "ann", direction: "to-client", type: "pong", fault: "drop" },
      { user: "ann", direction: "to-client", type: "chat", fault: "duplicate" },
    ],
  );
});

const refused: readonly [args: string[], code: number, named: RegExp][] = [
  [[], 2, /Cannot start a proxy without --to/],
  [["--to", "ftp://x"], 2, /--url "ftp:\/\/x"/],
  [["--to", "http://127.0.0.1:1/path"], 2, /--to "\S+\/path": expected no path/],
  [["--to", "http://127.0.0.1:1", "--listen", "nowhere"], 2, /--listen "nowhere"/],
  [["--to", "http://127.0.0.1:1", "--listen", "127.0.0.1:70000"], 2, /--listen/],
  [["--to", "http://127.0.0.1:1", "--drop", "often"], 2, /--drop "often"/],
  [["--to", "http://127.0.0.1:1", "--fault", "deno.json"], 2, /"deno\.json": \w+ is not known/],
  [["--to", `http://127.0.0.1:${freePort()}`], 3, /Cannot connect to http:/],
];

for (const [args, expected, named] of refused) {
  Deno.test(`proxy ends with ${expected} for "${args.join(" ").replace(/:\d{4,5}/, "")}"`, async () => {
    const { code, err } = await runCli("proxy", args);

    assert.equal(code, expected, err);
    assert.match(err, named);
  });
}

Deno.test("proxy refuses an address that is taken, and a log that cannot be written", async () => {
  const server = TestServer.start();
  const taken = await runCli("proxy", [
    ...["--to", server.url("/"), "--listen", `127.0.0.1:${server.port}`],
  ]);
  const log = await runCli("proxy", ["--to", server.url("/"), "--log", "/no/such/folder/log"]);
  await server.close();

  assert.deepEqual([taken.code, log.code], [2, 2]);
  assert.match(taken.err, /Cannot use --listen "127\.0\.0\.1:\d+"/);
  assert.match(log.err, /Cannot use --log "\/no\/such\/folder\/log"/);
});

Deno.test("proxy --help names every fault, exit codes and examples", async () => {
  const { code, out } = await runCli("proxy", ["--help"]);

  assert.equal(code, 0);
  const flags =
    "to listen seed log fault latency jitter bandwidth byte-wise fragment clock-skew cut half-open " +
    "stop-reading drop duplicate reorder fault-user fault-direction";
  for (const flag of flags.split(" ")) assert.ok(out.includes(`--${flag}`), flag);
  assert.match(out, /Exit codes\n/);
  assert.match(out, /Examples\n/);
});
