/** The command as its users run it: on servers of its own, on one that runs already, and on none. */
import assert from "node:assert/strict";
import { sections } from "../../../cli/conformance/checks/all.ts";
import type { ConformanceReport } from "../../../cli/conformance/report/conformance_report.ts";
import { runCli } from "../../support/run_cli.ts";
import { ServerProcess } from "../../support/server_process.ts";
import { TestServer } from "../../support/test_server.ts";
import { SECRET } from "../../support/tokens.ts";
import { waitUntil } from "../../support/wait_until.ts";

/** Rules that do not apply where the server has no media plane. */
const WITH_MEDIA = ["TO3", "TO4", "PB2", "PB3", "PB4", "PB5", "SB1", "SB4", "SB5", "MS1", "MS2"];

Deno.test("conformance holds our server against every rule", async () => {
  const { code, out, err } = await runCli("conformance", ["--json", "-"]);

  const report: ConformanceReport = JSON.parse(out);
  const others = report.checks.filter(({ verdict }) => verdict !== "passed");
  const isOfMedia = ({ id, verdict }: typeof others[number]) =>
    verdict === "not applicable" && WITH_MEDIA.includes(id);
  assert.deepEqual(others.filter((one) => !isOfMedia(one)), [], err);
  assert.equal(code, 0);
  const count = sections.flatMap(({ checks }) => checks).length + 15;
  assert.equal(report.totals.passed, count - others.length);
  assert.deepEqual([report.format, report.verdict, report.target.isOwn], [
    "signalbox-conformance/1",
    "conforms",
    true,
  ]);
});

Deno.test("conformance checks a server that runs already, and leaves nothing there", async () => {
  await using server = await ServerProcess.start();

  const { code, out, err } = await runCli("conformance", ["--url", server.address, "--json", "-"]);

  const report: ConformanceReport = JSON.parse(out);
  const wrong = report.checks.filter(({ verdict }) => verdict === "failed" || verdict === "error");
  assert.deepEqual(wrong, [], err);
  assert.equal(code, 0);
  const left = report.checks.filter(({ verdict }) => verdict === "not applicable");
  assert.ok(left.length < 35 + WITH_MEDIA.length, left.map(({ id }) => id).join());
  assert.ok(left.every(({ reason = "" }) => reason.length > 10));
  await waitUntil(async () => {
    const { rooms } = await (await fetch(`${server.address}/api/rooms`)).json();
    return rooms.length === 0 ? undefined : `${rooms.length} rooms are left`;
  });
});

Deno.test("conformance --only runs what it names, and says how a rule is broken", async () => {
  const server = TestServer.start("--message-rate", "1000000", "--message-burst", "1000000");
  const url = server.url("/");

  const { code, out } = await runCli("conformance", ["--url", url, "--only", "jo1, LE5,N1"]);

  assert.equal(code, 0);
  assert.match(out, /Join +✔ JO1\n +Leave +✔ LE5\n +Any dialect +✔ N1\n\n✔ CONFORMS {2}3 passed/);
  await server.close();
});

Deno.test("[TK1] conformance checks the rules of tokens where they are demanded, and no other", async () => {
  const server = TestServer.start("--token-secret", SECRET);
  const args = ["--url", server.url("/"), "--only", "TK1,TK3,TK5,JO1"];
  const environment = { TOKEN_SECRET: SECRET };

  const { code, out } = await runCli("conformance", args, { environment });
  const without = await runCli("conformance", args);

  assert.equal(code, 0);
  assert.match(
    out,
    /– JO1[\s\S]*✔ TK1 {2}✔ TK3 {2}✔ TK5[\s\S]*every upgrade takes an access token/,
  );
  assert.equal(without.code, 2);
  assert.match(without.err, /demands access tokens/);
  await server.close();
});

Deno.test("conformance ends with 3 and one line where no server is", async () => {
  for (const dialect of ["signalbox", "socketio-rooms", "peerjs"]) {
    const { code, out, err } = await runCli("conformance", [
      ...["--url", "http://127.0.0.1:9", "--dialect", dialect],
    ]);

    assert.equal(code, 3, err);
    assert.equal(out, "");
    assert.match(err, /^✘ UNREACHABLE {2}Cannot connect to http:\/\/127\.0\.0\.1:9: .*refused/);
  }
});

Deno.test("conformance ends with 3 where something else answers", async () => {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => new Response("a page", { status: 404 }),
  );

  const { code, err } = await runCli("conformance", [
    "--url",
    `ws://127.0.0.1:${server.addr.port}`,
  ]);

  assert.equal(code, 3);
  assert.match(err, /it answers with HTTP 404/);
  await server.shutdown();
});

Deno.test("conformance says what cannot be used in one line, and ends with 2", async () => {
  const cases: [args: string[], said: RegExp][] = [
    [["--only", "XX1"], /--only "XX1"/],
    [["--dialect", "smoke-signals"], /--dialect "smoke-signals"/],
    [["--dialect", "peerjs"], /--dialect peerjs without --url/],
    [["--listener", "netty"], /--listener "netty"/],
    [["--url", "nonsense"], /--url "nonsense"/],
    [["--timeout", "soon"], /--timeout "soon"/],
    [["--usr", "x"], /--usr/],
  ];

  const results = await Promise.all(cases.map(([args]) => runCli("conformance", args)));

  results.forEach(({ code, out, err }, n) => {
    assert.equal(code, 2, err);
    assert.equal(out, "");
    assert.match(err, cases[n]![1]);
  });
});

Deno.test("conformance writes its reports, and lists its rules", async () => {
  const folder = await Deno.makeTempDir();
  const { code } = await runCli("conformance", [
    ...["--only", "PI1", "--quiet", "--json", `${folder}/r.json`],
    ...["--junit", `${folder}/r.xml`, "--html", `${folder}/r.html`],
  ]);
  const list = await runCli("conformance", ["--list"]);
  const help = await runCli("conformance", ["--help"]);

  assert.equal(code, 0);
  const report: ConformanceReport = JSON.parse(await Deno.readTextFile(`${folder}/r.json`));
  assert.deepEqual(report.checks.map(({ id, verdict }) => [id, verdict]), [["PI1", "passed"]]);
  assert.match(await Deno.readTextFile(`${folder}/r.xml`), /name="\[PI1\]/);
  assert.match(await Deno.readTextFile(`${folder}/r.html`), /<h1>Conforms<\/h1>/);
  assert.match(list.out, /^CO1 +a handshake is upgraded[\s\S]*^N15 +a message to nobody/m);
  assert.match(help.out, /Exit codes\n[\s\S]*Examples\n/);
  await Deno.remove(folder, { recursive: true });
});
