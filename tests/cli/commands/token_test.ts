/** The command that mints access tokens, and a server that takes them. */
import assert from "node:assert/strict";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { generateKeyPairSync } from "node:crypto";
import { runCli } from "../../support/run_cli.ts";
import { TestClient, TestServer } from "../../support/test_server.ts";
import { SECRET } from "../../support/tokens.ts";

const environment = { TOKEN_SECRET: SECRET };
const whom = ["--room", "test", "--user", "ann"];

Deno.test("token mints what the server demands, for a host and an hour", async () => {
  const { code, out } = await runCli("token", [...whom, "--role", "host", "--ttl", "1h"], {
    environment,
  });

  assert.equal(code, 0);
  assert.match(out, /^[\w-]+\.[\w-]+\.[\w-]+\n$/);
  const { room, sub, role, host, exp = 0, iat = 0 } = decodeJwt(out.trim());
  assert.deepEqual([room, sub, role, host], ["test", "ann", "participant", true]);
  assert.ok(Math.abs(exp - iat - 3_600) <= 1);

  const server = TestServer.start("--token-secret", SECRET);
  const url = `ws://127.0.0.1:${server.port}/ws?access_token=${out.trim()}`;
  const client = new TestClient(url, "signalbox.v1");
  client.socket.onopen = () => client.say({ type: "join", roomId: "test" });
  const joined = await client.hear("joined");
  assert.deepEqual(joined.participants.map((one) => [one.userId, one.host]), [["ann", true]]);
  await client.close();
  await server.close();
});

Deno.test("token signs with a private key, and says nothing of roles unless asked", async () => {
  const file = await Deno.makeTempFile({ suffix: ".pem" });
  const { privateKey } = generateKeyPairSync("ed25519");
  await Deno.writeTextFile(file, `${privateKey.export({ type: "pkcs8", format: "pem" })}`);

  const { code, out } = await runCli("token", [...whom, "--private-key", file]);

  assert.equal(code, 0);
  assert.equal(decodeProtectedHeader(out.trim()).alg, "EdDSA");
  assert.deepEqual(Object.keys(decodeJwt(out.trim())).sort(), ["exp", "iat", "room", "sub"]);
  await Deno.remove(file);
});

Deno.test("token says what is wrong in one line, shows no secret, and ends with 2", async () => {
  const cases: [args: string[], said: RegExp, environment?: Record<string, string>][] = [
    [["--room", "test"], /without --user/],
    [["--user", "ann"], /without --room/],
    [["--room", "no spaces", "--user", "ann"], /--room "no spaces"/],
    [[...whom, "--role", "king"], /--role "king"/],
    [[...whom, "--ttl", "1w"], /--ttl "1w"/],
    [whom, /set TOKEN_SECRET or --private-key/, {}],
    [[...whom, "--secret", "tooshort"], /at least 32 bytes/],
    [[...whom, "--private-key", "nowhere.pem"], /--private-key "nowhere.pem"/],
  ];

  const results = await Promise.all(
    cases.map(([args, , own]) => runCli("token", args, { environment: own ?? environment })),
  );

  results.forEach(({ code, out, err }, n) => {
    assert.equal(code, 2, err);
    assert.equal(out, "");
    assert.match(err, cases[n]![1]);
    assert.match(err, /deno task token --help/);
    assert.ok(!err.includes("tooshort"));
  });
});

Deno.test("token --help shows examples and exit codes", async () => {
  const { code, out } = await runCli("token", ["--help"]);

  assert.equal(code, 0);
  assert.match(out, /Exit codes[\s\S]*Examples\n {2}TOKEN_SECRET=/);
});
