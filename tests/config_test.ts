/** Flags and environment to settings: defaults, precedence, and every bad value by its name. */
import assert from "node:assert/strict";
import { asksForHelp, ConfigError, helpText, readConfig } from "../src/config.ts";
import { type SettingName, settings, variableOf } from "../src/settings.ts";

const names = Object.keys(settings) as SettingName[];

Deno.test("readConfig gives defaults that work, on loopback", () => {
  const config = readConfig([], {});

  assert.equal(config.host, "127.0.0.1");
  assert.equal(config.port, 8080);
  assert.deepEqual(config["ice-servers"], []);
  assert.deepEqual(config.origin, ["same"]);
  assert.equal(config["tls-cert"], undefined);
  assert.ok(Object.isFrozen(config));
});

Deno.test("readConfig reads how media go", () => {
  const config = readConfig(
    ["--public-ip", " 203.0.113.7,2001:db8::7 ", "--media-processes", "3"],
    {
      TOPOLOGY: "sfu",
      MEDIA: "on",
    },
  );

  assert.deepEqual(config["public-ip"], ["203.0.113.7", "2001:db8::7"]);
  assert.deepEqual([config["media-processes"], config.topology, config.media], [3, "sfu", "on"]);
  const { media, topology, ...others } = readConfig([], {});
  assert.deepEqual([media, topology, others["media-processes"]], ["auto", "auto", "auto"]);
  assert.deepEqual([others["public-ip"], others["media-port"]], [[], 50_000]);
});

Deno.test("readConfig prefers a flag to its variable, and a variable to the default", () => {
  assert.equal(readConfig([], { PORT: "9000" }).port, 9000);
  assert.equal(readConfig(["--port", "9001"], { PORT: "9000" }).port, 9001);
  assert.equal(readConfig([], { PORT: "" }).port, 8080);
});

Deno.test("readConfig gives every flag a variable of the same name", () => {
  assert.equal(variableOf("max-message-bytes"), "MAX_MESSAGE_BYTES");
  assert.equal(new Set(names.map(variableOf)).size, names.length);
});

const bad: [args: string[], environment: Record<string, string>, named: RegExp][] = [
  [["--port", "nope"], {}, /^Cannot use --port "nope": expected a whole number from 0 to 65535$/],
  [["--port", "65536"], {}, /--port "65536"/],
  [["--port", "-1"], {}, /--port/],
  [["--port", "1e3"], {}, /--port/],
  [[], { PORT: "x" }, /^Cannot use PORT "x": /],
  [["--host", " "], {}, /--host/],
  [["--log-level", "loud"], {}, /--log-level "loud": expected debug, info, warning, error/],
  [["--max-rooms", "0"], {}, /--max-rooms/],
  [["--message-rate", "1.5"], {}, /--message-rate/],
  [["--ice-servers", "http://x"], {}, /--ice-servers/],
  [[], { ICE_SERVERS: "[{" }, /^Cannot use ICE_SERVERS /],
  [["--ice-servers", '[{"url":"stun:x"}]'], {}, /--ice-servers/],
  [["--ice-servers", '[{"urls":[]}]'], {}, /--ice-servers/],
  [["--turn-url", "turn.example"], {}, /--turn-url "turn.example": expected urls like turn:/],
  [["--turn-url", "turn:a"], {}, /^Cannot use --turn-url without --turn-secret: /],
  [["--turn-secret", "0123456789abcdef"], {}, /^Cannot use --turn-secret without --turn-url: /],
  [[], { TURN_SECRET: "short" }, /^Cannot use TURN_SECRET: expected at least 16 bytes$/],
  [["--turn", "on"], {}, /--turn "on": expected off, embedded$/],
  [["--turn-port", "0"], {}, /--turn-port "0": expected a whole number from 1 to 65535$/],
  [["--turn-relay-ports", "5000-4000"], {}, /: expected two ports from 1024 to 65535 like/],
  [["--turn-relay-ports", "80-90"], {}, /--turn-relay-ports "80-90"/],
  [["--turn-ttl-s", "10"], {}, /--turn-ttl-s "10": expected a whole number from 60 to 86400$/],
  [["--origin", "example.org"], {}, /--origin "example.org"/],
  [["--origin", "https://a.example/path"], {}, /--origin/],
  [["--token-jwks-url", "ftp://x"], {}, /--token-jwks-url/],
  [["--cors-origin", "same"], {}, /--cors-origin/],
  [["--listener", "node"], {}, /--listener "node": expected auto, deno, ws/],
  [["--trusted-proxy", "proxy.example"], {}, /--trusted-proxy "proxy.example": expected addr/],
  [["--max-connections-per-address", "0"], {}, /--max-connections-per-address/],
  [["--media", "yes"], {}, /^Cannot use --media "yes": expected auto, on, off$/],
  [["--topology", "star"], {}, /--topology "star": expected auto, mesh, sfu$/],
  [["--topology", "sfu", "--media", "off"], {}, /^Cannot use --topology sfu with --media off/],
  [["--media-port", "80"], {}, /--media-port "80": expected a whole number from 1024 to 65535$/],
  [["--media-processes", "0"], {}, /: expected auto, or a whole number from 1 to 64$/],
  [["--media-processes", "many"], {}, /--media-processes "many"/],
  [["--public-ip", "media.example"], {}, /--public-ip "media.example": expected addresses/],
  [[], { PUBLIC_IP: "203.0.113.7, 256.1.1.1" }, /^Cannot use PUBLIC_IP /],
  [["--tls-cert", "cert.pem"], {}, /^Cannot use --tls-cert without --tls-key/],
  [[], { TLS_KEY: "key.pem" }, /^Cannot use --tls-key without --tls-cert/],
  [["--webhook-url", "ftp://a.example"], {}, /^Cannot use --webhook-url: expected different URLs/],
  [["--webhook-url", "https://a.example,nope"], {}, /^Cannot use --webhook-url: /],
  [[], { WEBHOOK_URL: "http://a.example,http://a.example" }, /^Cannot use WEBHOOK_URL: /],
  [["--webhook-url", "http://a.example"], {}, /^Cannot use --webhook-url without --webhook-secret/],
  [["--webhook-secret", "whsec_short"], {}, /^Cannot use --webhook-secret: expected whsec_/],
  [["--nope"], {}, /'--nope'.*--help/],
  [["positional"], {}, /positional/],
  [["--port"], {}, /--port/],
];
for (const [args, environment, named] of bad) {
  Deno.test(`readConfig refuses ${JSON.stringify([...args, environment])} and names it`, () => {
    assert.throws(() => readConfig(args, environment), (error) => {
      assert.ok(error instanceof ConfigError);
      assert.match(error.message, named);
      assert.ok(!error.message.includes("\n"), "one line");
      return true;
    });
  });
}

Deno.test("readConfig reads ICE servers as urls and as JSON", () => {
  const read = (text: string) => readConfig(["--ice-servers", text], {})["ice-servers"];

  assert.deepEqual(read("stun:a.example:3478, turns:b.example"), [
    { urls: "stun:a.example:3478" },
    { urls: "turns:b.example" },
  ]);
  const turn = { urls: ["turn:c.example"], username: "u", credential: "c" };
  assert.deepEqual(read(JSON.stringify([turn])), [turn]);
  assert.deepEqual(read(JSON.stringify(turn)), [turn]);
});

Deno.test("readConfig reads trusted proxies as addresses and networks", () => {
  const read = (text: string) => readConfig(["--trusted-proxy", text], {})["trusted-proxy"];

  assert.deepEqual(read("10.0.0.0/8, ::1"), ["10.0.0.0/8", "::1"]);
  assert.deepEqual(readConfig([], {})["trusted-proxy"], []);
});

Deno.test("readConfig never shows the secret of tokens", () => {
  const ways = [[["--token-secret", "short"], {}], [[], { TOKEN_SECRET: "short" }]] as const;
  for (const [args, environment] of ways) {
    assert.throws(
      () => readConfig(args, environment),
      (error) =>
        error instanceof ConfigError && /expected at least 32/.test(error.message) &&
        !error.message.includes("short"),
    );
  }
});

Deno.test("readConfig reads the URLs of webhooks, and demands a secret for them", () => {
  const secret = "x".repeat(32);
  const read = (url: string) =>
    readConfig(["--webhook-url", url, "--webhook-secret", secret], {})["webhook-url"];

  assert.deepEqual(read("http://a.example/, https://u:p@b.example/hook?x=1"), [
    "http://a.example/",
    "https://u:p@b.example/hook?x=1",
  ]);
  assert.deepEqual(readConfig([], { WEBHOOK_SECRET: secret })["webhook-url"], []);
});

Deno.test("readConfig never shows the secret of webhooks, nor what their URLs hold", () => {
  const ways = [["--webhook-secret", "hidden"], ["--webhook-url", "wss://u:hidden@a.example"]];
  for (const args of ways) {
    assert.throws(
      () => readConfig(args, {}),
      (error) => error instanceof ConfigError && !error.message.includes("hidden"),
    );
  }
});

Deno.test("readConfig never shows the administrator's token", () => {
  assert.throws(
    () => readConfig(["--admin-token", " "], {}),
    (error) =>
      error instanceof ConfigError && error.message.startsWith("Cannot use --admin-token:"),
  );
});

Deno.test("helpText lists every flag with its variable, and shows examples", () => {
  const text = helpText();

  for (const name of names) {
    assert.ok(text.includes(`--${name} <`), name);
    assert.ok(text.includes(`env ${variableOf(name)}`), name);
  }
  assert.match(text, /Examples:\n {2}deno task start/);
  assert.deepEqual([asksForHelp(["--help"]), asksForHelp(["-h"]), asksForHelp([])], [
    true,
    true,
    false,
  ]);
});

Deno.test("the start task may read exactly the variables of the settings and of ws", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("../deno.json", import.meta.url)));
  const listed = /--allow-env=(\S+)/.exec(tasks.start)?.[1]?.split(",").sort();

  // The package reads its own when it is loaded.
  const ofWs = ["WS_NO_BUFFER_UTIL", "WS_NO_UTF_8_VALIDATE"];
  assert.deepEqual(listed, [...names.map(variableOf), ...ofWs].sort());
  assert.ok(!/(^| )(-A|--allow-all)( |$)/.test(tasks.start));
});
