/** The doctor as its users run it: with the permissions of its task, against real servers. */
import assert from "node:assert/strict";
import type { Diagnosis } from "../../../cli/doctor/diagnosis.ts";
import { makeCertificate } from "../../support/certificate.ts";
import { freePort } from "../../support/ports.ts";
import { runCli } from "../../support/run_cli.ts";
import { ServerProcess } from "../../support/server_process.ts";
import { SECRET, sign } from "../../support/tokens.ts";

Deno.test("doctor finds this machine well and ends with 0", async () => {
  const { code, out, err } = await runCli("doctor", ["--port", `${freePort()}`]);

  assert.equal(code, 0, out + err);
  assert.match(out, /✔ version of Deno {12}Deno 2\./);
  assert.match(out, /[✔!] open files .* --max-connections 10000\n/);
  assert.match(out, /✔ port {23}\d+ is free\n/);
  assert.match(out, /✔ WELL {2}\d ok, /);
});

Deno.test("doctor finds a server well, in words and as JSON", async () => {
  await using server = await ServerProcess.start({ args: ["--heartbeat-ms", "1000"] });

  const words = await runCli("doctor", ["--url", server.address]);
  const { code, out } = await runCli("doctor", ["--url", server.address, "--json", "--wait", "0s"]);

  assert.equal(words.code, 0, words.out);
  assert.match(words.out, /✔ WebSocket {18}opens, selects signalbox\.v1, and greets\n/);
  assert.match(words.out, /✔ silence {20}alive after 1\.3 s of silence, [1-9]/);
  assert.equal(code, 0);
  const diagnosis: Diagnosis = JSON.parse(out);
  assert.equal(diagnosis.format, "signalbox-doctor/1");
  assert.equal(diagnosis.url, `${server.address.replace("http", "ws")}/ws`);
  assert.ok(diagnosis.checks.every(({ state }) => state === "ok" || state === "skipped"), out);
});

Deno.test("[IC1] doctor gets a relay of the embedded TURN server, over UDP and TCP", async () => {
  const port = freePort();
  await using server = await ServerProcess.start({
    args: ["--turn", "embedded", "--turn-port", `${port}`, "--media", "off"],
  });

  const { code, out } = await runCli("doctor", ["--url", server.address, "--wait", "0s"]);

  const relayed = (transport: string) =>
    `turn:127\\.0\\.0\\.1:${port}\\?transport=${transport} relays at 127\\.0\\.0\\.1:\\d+, \\d+ ms`;
  assert.equal(code, 0, out);
  assert.match(out, new RegExp(`✔ TURN {23}${relayed("udp")}; ${relayed("tcp")}\n`));
});

Deno.test("doctor finds a server with TLS and a token well, and hides the token", async () => {
  const folder = await Deno.makeTempDir();
  const { cert, key } = await makeCertificate(folder);
  await using server = await ServerProcess.start({
    args: ["--tls-cert", cert, "--tls-key", key],
    environment: { TOKEN_SECRET: SECRET },
  });
  const token = await sign({});
  const environment = { DENO_CERT: cert, SIGNALBOX_TOKEN: token };
  const args = ["--url", server.address, "--wait", "0s"];

  const { code, out } = await runCli("doctor", args, { environment });
  const untrusted = await runCli("doctor", args, { environment: { SIGNALBOX_TOKEN: token } });
  const inUrl = await runCli("doctor", [
    ...["--url", `${server.address}/ws?access_token=${token}`, "--wait", "0s", "--json"],
  ], { environment: { DENO_CERT: cert } });
  await Deno.remove(folder, { recursive: true });

  assert.equal(code, 0, out);
  assert.match(out, /✔ certificate {16}of localhost by localhost, until /);
  assert.match(out, /✔ HSTS /);
  assert.match(
    out,
    /✔ access token {15}accepted, for user "ann" in room "test", for another \d+ days/,
  );
  assert.equal(inUrl.code, 0, inUrl.out);
  assert.ok(![out, untrusted.out, inUrl.out].some((text) => text.includes(token)));
  assert.equal(untrusted.code, 1);
  assert.match(untrusted.out, /✘ certificate .* signed by itself\n/);
  assert.match(untrusted.out, /– WebSocket {18}needs "certificate"\n/, "no token to a stranger");
});

Deno.test("doctor ends with 1 where something fails, and says what to change", async () => {
  await using server = await ServerProcess.start({
    args: ["--origin", "https://rooms.example.org"],
  });

  const { code, out } = await runCli("doctor", ["--url", server.address, "--wait", "0s"]);

  assert.equal(code, 1);
  assert.match(out, /✘ page's origin {14}403: .*\n {2}→ Start the server with --origin http:/);
  assert.match(out, /✘ UNWELL {2}/);
});

Deno.test("doctor names the program that has the port", async () => {
  await using server = await ServerProcess.start();
  const { port } = new URL(server.address);

  const { code, out } = await runCli("doctor", ["--port", port]);

  assert.equal(code, 1);
  assert.match(
    out,
    RegExp(`✘ port {23}${port} is taken by .+\n {2}→ Stop it, or start the server`),
  );
});

Deno.test("doctor ends with 3 where nobody listens, and where the name is unknown", async () => {
  const closed = await runCli("doctor", ["--url", `http://127.0.0.1:${freePort()}`]);
  const unknown = await runCli("doctor", ["--url", "https://nobody.invalid"]);

  assert.deepEqual([closed.code, unknown.code], [3, 3]);
  assert.match(closed.out, /✘ connection .* does not accept.*\n {2}→ Start the server/);
  assert.match(unknown.out, /✘ name {23}nobody\.invalid has no address/);
});

Deno.test("doctor ends with 130 when it is interrupted", async () => {
  await using server = await ServerProcess.start();

  const { code } = await runCli("doctor", ["--url", server.address, "--wait", "60s"], {
    interruptAt: /access token/,
  });

  assert.equal(code, 130);
});

for (
  const [args, named] of [
    [["--url", "nonsense"], /--url "nonsense"/],
    [["--port", "0"], /--port "0"/],
    [["--wait", "long", "--url", "http://127.0.0.1"], /--wait "long"/],
    [["--token", "x"], /--token without --url/],
    [["--origin", "here", "--url", "http://127.0.0.1"], /--origin "here"/],
    [["--heal"], /--heal/],
  ] as const
) {
  Deno.test(`doctor refuses ${args.join(" ")} with 2`, async () => {
    const { code, err } = await runCli("doctor", args);

    assert.equal(code, 2);
    assert.match(err, named);
  });
}

Deno.test("doctor --help lists flags, exit codes and examples", async () => {
  const { code, out } = await runCli("doctor", ["--help"]);

  assert.equal(code, 0);
  const flags = "url port max-connections token origin wait json help";
  for (const flag of flags.split(" ")) assert.ok(out.includes(`--${flag}`), flag);
  assert.match(out, /Exit codes\n/);
  assert.match(out, /Examples\n/);
});
