/** The doctor's look at the media port: what it says, and against real servers as a process. */
import assert from "node:assert/strict";
import { judgeMedia, judgeReach } from "../../../cli/doctor/media_check.ts";
import { lookAt } from "../../support/doctor_fixture.ts";
import { freeUdpPort } from "../../support/ports.ts";
import { runCli } from "../../support/run_cli.ts";
import { ServerProcess } from "../../support/server_process.ts";
import { SECRET, sign } from "../../support/tokens.ts";

const addresses = ["203.0.113.7:50000"];

Deno.test("judgeReach says of each attempt what to change", () => {
  const reached = judgeReach({ kind: "reached", addresses, ms: 12.3 });
  const silent = judgeReach({ kind: "silent", addresses });

  assert.deepEqual(reached, { state: "ok", found: "UDP 203.0.113.7:50000 answers, 12 ms" });
  assert.equal(silent.state, "fail");
  assert.match(silent.advice ?? "", /--public-ip/);
  assert.equal(judgeReach({ kind: "refused", reason: "Full [room-full]" }).state, "fail");
  assert.equal(judgeReach({ kind: "refused", reason: "Cannot [no-media]" }).state, "skipped");
  assert.equal(judgeReach({ kind: "no-engine", reason: "no ffi" }).state, "skipped");
});

Deno.test("judgeMedia goes into no room where it would be seen", async () => {
  const token = await sign({ room: "standup", sub: "ann" });

  const { state, found } = await judgeMedia(lookAt("http://127.0.0.1:1", { token }));

  assert.equal(state, "skipped");
  assert.match(found, /deno task token --room doctor-1 --user doctor/);
});

Deno.test("doctor reaches the media port, with a token too, and leaves no room behind", async () => {
  const port = await freeUdpPort(4);
  await using server = await ServerProcess.start({
    args: ["--media-port", `${port}`],
    environment: { TOKEN_SECRET: SECRET },
  });
  const token = await sign({ room: "doctor-1", sub: "doctor" });
  const args = ["--url", server.address, "--wait", "0s", "--token", token];

  const { code, out } = await runCli("doctor", args);

  assert.equal(code, 0, out);
  assert.match(out, new RegExp(`✔ media port {17}UDP 127\\.0\\.0\\.1:${port} answers, \\d+ ms\n`));
  assert.deepEqual(await (await fetch(`${server.address}/api/rooms`)).json(), { rooms: [] });
});

Deno.test("doctor says that the media port does not answer, and where it was told to look", async () => {
  const port = await freeUdpPort(4);
  await using server = await ServerProcess.start({
    // An address for examples (RFC 5737): nobody has it.
    args: ["--media-port", `${port}`, "--public-ip", "192.0.2.1"],
  });

  const { code, out } = await runCli("doctor", ["--url", server.address, "--wait", "0s"]);

  assert.equal(code, 1, out);
  assert.match(out, new RegExp(`✘ media port {17}UDP 192\\.0\\.2\\.1:${port} does not answer\n`));
  assert.match(out, /→ Open the port for UDP/);
});

Deno.test("doctor passes over a server without media", async () => {
  await using server = await ServerProcess.start({ args: ["--media", "off"] });

  const { out } = await runCli("doctor", ["--url", server.address, "--wait", "0s"]);

  assert.match(out, /– media port {17}media do not go through this server/);
});
