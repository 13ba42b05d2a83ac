/** The simulation as its users run it: against a correct server everything is verified. */
import assert from "node:assert/strict";
import type { SimulationReport } from "../../../cli/report/simulation_report.ts";
import { runCli } from "../../support/run_cli.ts";
import { ServerProcess } from "../../support/server_process.ts";

Deno.test("simulate verifies five users in one room and ends with 0", async () => {
  const { code, out, err } = await runCli("simulate", ["--users", "5", "--room", "test", "--auto"]);

  assert.equal(code, 0, out + err);
  assert.match(out, /✔ VERIFIED {2}5 users in 1 room, \d+ messages in /);
  assert.match(out, /3 leaves, 2 drops/);
  assert.match(out, /✔ LE5 .* 1\n/);
  assert.match(out, /Again: deno task simulate --users 5 --room test --seed \d+/);
  assert.match(err, /Leave done 5\/5/);
});

Deno.test("simulate checks every rule that it names, as often as it must", async () => {
  const { code, report } = await simulateJson("--users", "5", "--room", "test", "--seed", "1");

  assert.equal(code, 0);
  assert.equal(report.verdict, "verified");
  assert.equal(report.settings.seed, 1);
  const checked = Object.fromEntries(report.checks.map(({ rule, checked }) => [rule, checked]));
  assert.deepEqual(
    { ...checked, OR1: undefined, OR2: undefined, LE3: undefined, LE4: undefined },
    {
      ...{ CO1: 5, CO2: 5, CO3: 5, JO2: 5, JO3: 10, CH1: 50, CH3: 10, LE2: 3, LE5: 1, ME4: 18 },
      ...{ OR1: undefined, OR2: undefined, LE3: undefined, LE4: undefined },
    },
  );
  assert.ok(report.checks.every(({ state }) => state === "passed"));
  assert.equal(report.latency.join.count, 5);
  assert.equal(report.latency.broadcast.count, 50);
});

Deno.test("[OR2] simulate verifies many rooms beside each other", async () => {
  const { code, report } = await simulateJson("--users", "60", "--rooms", "20", "--room", "many");

  assert.equal(code, 0, JSON.stringify(report.findings));
  assert.equal(report.checks.find(({ rule }) => rule === "LE5")?.checked, 20);
});

Deno.test("[LE7] simulate verifies users who leave and return, and a silent time", async () => {
  const { code, report } = await simulateJson(
    ...["--users", "20", "--rooms", "4", "--churn", "1", "--duration", "1s", "--hold", "500ms"],
    ...["--rate", "100", "--drop-ratio", "0.5"],
  );

  assert.equal(code, 0, JSON.stringify(report.findings, null, 1));
  assert.ok(report.counts.returns > 10, `${report.counts.returns} returns`);
  assert.equal(report.counts.returns + 20, report.counts.leaves + report.counts.drops);
});

Deno.test("simulate drops nobody, or everybody, when told so", async () => {
  const nobody = await simulateJson("--users", "4", "--drop-ratio", "0");
  const everybody = await simulateJson("--users", "4", "--drop-ratio", "1");

  assert.deepEqual([nobody.code, everybody.code], [0, 0]);
  assert.deepEqual([nobody.report.counts.drops, everybody.report.counts.drops], [0, 4]);
});

Deno.test("simulate takes a single user", async () => {
  const { code, report } = await simulateJson("--users", "1");

  assert.equal(code, 0, JSON.stringify(report.findings));
});

Deno.test("simulate tests the server at --url", async () => {
  await using server = await ServerProcess.start();

  const { code, report } = await simulateJson("--url", server.address, "--users", "4");

  assert.equal(code, 0, JSON.stringify(report.findings));
  assert.deepEqual(report.target, {
    url: `${server.address.replace("http", "ws")}/ws`,
    isLocal: false,
  });
});

Deno.test("[CO3] simulate finds that a server does not select the subprotocol", async () => {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (request) =>
      request.headers.get("upgrade") === null
        ? new Response("no metrics", { status: 404 })
        : Deno.upgradeWebSocket(request).response,
  );

  const { code, report } = await simulateJson("--url", `ws://127.0.0.1:${server.addr.port}`);

  assert.equal(code, 1);
  assert.deepEqual(report.findings.map(({ rule, userId }) => [rule, userId]), [["CO3", "user-1"]]);
  await server.shutdown();
});

Deno.test("[CO9] simulate finds that a server ends a connection", async () => {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    if (request.headers.get("upgrade") === null) return new Response("no API", { status: 404 });
    const { socket, response } = Deno.upgradeWebSocket(request, { protocol: "signalbox.v1" });
    socket.onopen = () => socket.send('{"type":"welcome","protocol":"signalbox.v1"}');
    socket.onmessage = () => socket.close(1011, "oops");
    return response;
  });

  const { code, report } = await simulateJson(
    ...["--url", `ws://127.0.0.1:${server.addr.port}`, "--users", "2", "--timeout", "1s"],
  );

  assert.equal(code, 1);
  const lost = report.findings.filter(({ rule }) => rule === "CO9");
  // The server ends both at once, so either may be heard first.
  assert.deepEqual(lost.map(({ userId, seen }) => [userId, seen]).sort(), [
    ["user-1", 'code 1011 "oops"'],
    ["user-2", 'code 1011 "oops"'],
  ]);
  await server.shutdown();
});

Deno.test("[LI2] simulate finds that a server does not allow the rate", async () => {
  await using server = await ServerProcess.start({
    args: ["--message-rate", "1", "--message-burst", "3"],
  });

  const { code, report } = await simulateJson(
    ...["--url", server.address, "--users", "2", "--rate", "50", "--duration", "500ms"],
    ...["--timeout", "1s"],
  );

  assert.equal(code, 1);
  assert.ok(report.checks.some(({ rule, state }) => rule === "LI2" && state === "failed"));
});

Deno.test("[LI1] simulate finds that a server has no room for the run", async () => {
  await using server = await ServerProcess.start({ args: ["--max-participants", "2"] });

  const { code, report } = await simulateJson("--url", server.address, "--users", "3");

  assert.equal(code, 1);
  assert.deepEqual(report.findings.map(({ rule }) => rule), ["LI1"]);
});

Deno.test("[LE5] simulate says what it could not check", async () => {
  const server = await ServerProcess.start();
  const proxied = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    if (request.headers.get("upgrade") === null) return new Response("no API", { status: 404 });
    return relay(request, `${server.address.replace("http", "ws")}/ws`);
  });

  const { code, report } = await simulateJson(
    ...["--url", `ws://127.0.0.1:${proxied.addr.port}`, "--users", "3"],
  );

  assert.equal(code, 0, JSON.stringify(report.findings));
  assert.equal(report.checks.find(({ rule }) => rule === "LE5")?.state, "not checked");
  assert.match(report.notes.join(), /Not checked that rooms end/);
  await proxied.shutdown();
  await server.stop();
});

Deno.test("simulate ends with 3 and one line where no server is", async () => {
  const { code, out, err } = await runCli("simulate", ["--url", "ws://127.0.0.1:9", "--quiet"]);

  assert.equal(code, 3);
  assert.equal(out, "");
  assert.match(
    err,
    /^✘ UNREACHABLE {2}Cannot connect to ws:\/\/127\.0\.0\.1:9\/ws: .*deno task start\n$/,
  );
});

Deno.test("simulate ends with 130 and what it verified when it is interrupted", async () => {
  const { code, out } = await runCli(
    "simulate",
    ["--users", "4", "--duration", "60s"],
    { interruptAt: /Join done/ },
  );

  assert.equal(code, 130);
  assert.match(out, /■ INTERRUPTED {2}\d+ messages until then, nothing wrong in them/);
  assert.match(out, /✔ JO3 /);
});

Deno.test("simulate --quiet says nothing but the verdict", async () => {
  const { code, out, err } = await runCli("simulate", ["--users", "2", "--quiet"]);

  assert.equal(code, 0);
  assert.match(out, /^✔ VERIFIED [^\n]+\n$/);
  assert.equal(err, "");
});

Deno.test("simulate writes JUnit and HTML reports", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const { code } = await runCli("simulate", [
      ...["--users", "2", "--quiet", "--junit", `${folder}/j.xml`, "--html", `${folder}/r.html`],
    ]);

    assert.equal(code, 0);
    assert.match(await Deno.readTextFile(`${folder}/j.xml`), /<testsuites .*failures="0"/);
    assert.match(await Deno.readTextFile(`${folder}/r.html`), /<h1>Verified<\/h1>/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

for (
  const [args, named] of [
    [["--users", "many"], /--users "many"/],
    [["--junit", "/nowhere/at/all.xml", "--users", "1"], /--junit "\/nowhere\/at\/all.xml"/],
    [["--url", "nonsense"], /--url "nonsense"/],
    [["--usres", "5"], /--usres/],
  ] as const
) {
  Deno.test(`simulate refuses ${args.slice(0, 2).join(" ")} with 2`, async () => {
    const { code, err } = await runCli("simulate", args);

    assert.equal(code, 2);
    assert.match(err, named);
  });
}

Deno.test("simulate --help lists flags, exit codes and examples", async () => {
  const { code, out } = await runCli("simulate", ["--help"]);

  assert.equal(code, 0);
  const flags =
    "users room rooms url rate duration hold churn drop-ratio seed timeout json json-schema junit html quiet " +
    "media media-seconds video-kbps media-loss auto scenario arrival ramp slo baseline search search-by search-max processes";
  for (const flag of flags.split(" ")) assert.ok(out.includes(`--${flag}`), flag);
  assert.match(out, /Exit codes\n/);
  assert.match(out, /Examples\n/);
});

async function simulateJson(
  ...args: string[]
): Promise<{ code: number; report: SimulationReport }> {
  const { code, out, err } = await runCli("simulate", [...args, "--json"]);
  assert.ok(out.startsWith("{"), out + err);
  return { code, report: JSON.parse(out) };
}

/** Passes frames between the client and the server behind. */
function relay(request: Request, url: string): Response {
  const { socket, response } = Deno.upgradeWebSocket(request, { protocol: "signalbox.v1" });
  const behind = new WebSocket(url, "signalbox.v1");
  const opened = new Promise((resolve) => behind.onopen = resolve);
  behind.onmessage = ({ data }) => socket.readyState === WebSocket.OPEN && socket.send(data);
  behind.onclose = () => socket.close();
  behind.onerror = () => {};
  socket.onmessage = async ({ data }) => {
    await opened;
    behind.send(data);
  };
  socket.onerror = () => {};
  socket.onclose = () => behind.close();
  return response;
}
