/** `whip` and `whep` as their users run them, with the permissions of their tasks, in real rooms. */
import assert from "node:assert/strict";
import { MediaFiles, PICTURES } from "../../support/media_files.ts";
import { MediaServer } from "../../support/media_server.ts";
import { freePort } from "../../support/ports.ts";
import { type CliResult, runCli } from "../../support/run_cli.ts";
import { SECRET, sign } from "../../support/tokens.ts";

/** What `whep --json` says of an m-line. */
type Media = Record<"kbps" | "frames" | "keyFrames" | "lost" | "jitterMs", number> & {
  mid: string;
  codec: string;
};

for (const codec of Object.keys(PICTURES) as (keyof typeof PICTURES)[]) {
  Deno.test(`whip publishes ${codec} and Opus, and whep gets their frames`, async () => {
    await using files = await MediaFiles.make();
    const file = await files.picture(codec, { seconds: 3 });
    const audio = await files.sound({ seconds: 3 });
    const server = await MediaServer.start();
    const room = ["--url", server.address, "--room", "test"];
    const seen = Promise.withResolvers<void>();

    const publishing = runCli("whip", [
      ...[...room, "--user-id", "cam", "--file", file, "--audio", audio, "--loop", "--json"],
    ], { interruptWhen: seen.promise });
    await server.untilIn("test", "cam participant");
    const watched = await runCli("whep", [
      ...[...room, "--user-id", "wall", "--seconds", "4", "--json"],
    ]);
    seen.resolve();
    const published = await publishing;

    assert.deepEqual([watched.code, watched.err], [0, ""]);
    const [opened, ...reports] = linesOf(watched);
    const { type, media } = reports.at(-1) as { type: string; media: Media[] };
    const [sound, picture] = media;
    assert.equal(type, "ended");
    assert.match(`${opened!.location}`, /\/whep\/test\/.+/);
    assert.deepEqual([sound?.codec, picture?.codec], ["opus", codec]);
    assert.ok(sound!.frames > 100 && sound!.kbps > 20, JSON.stringify(sound));
    assert.ok(picture!.frames > 50 && picture!.kbps > 100, JSON.stringify(picture));
    assert.ok(picture!.keyFrames >= 2, JSON.stringify(picture));
    assert.equal(media.length, 2);
    assert.deepEqual([published.code, published.err], [0, ""], "Ctrl-C ends it in order");
    const ended = linesOf(published).at(-1)!;
    assert.equal(ended.end, "interrupted");
    assert.ok(Number(ended.packets) > sound!.frames + picture!.frames, JSON.stringify(ended));
    assert.ok(Number(ended.plis) >= 1, "who comes later needs a key frame");
    assert.deepEqual(await server.roster("test"), []);
    await server.close();
  });
}

Deno.test("[PC2] whip and whep show a passcode, and whep takes what one publishes alone", async () => {
  await using files = await MediaFiles.make();
  const audio = await files.sound({ seconds: 2 });
  const file = await files.picture("VP8", { seconds: 2 });
  const server = await MediaServer.start();
  const room = ["--url", server.address, "--room", "test"];
  const code = ["--passcode", "öpen sesame"];
  const seen = Promise.withResolvers<void>();
  const publish = (args: string[]) =>
    runCli("whip", [...room, ...args, "--loop"], { interruptWhen: seen.promise });

  const first = publish([...code, "--user-id", "mic", "--audio", audio]);
  await server.untilIn("test", "mic participant");
  const refused = await runCli("whip", [...room, "--file", file]);
  const second = publish([...code, "--user-id", "cam", "--file", file]);
  await server.untilIn("test", "mic participant", "cam participant");
  const unseen = await runCli("whep", [...room, "--from", "cam", "--seconds", "1"]);
  const watched = await runCli("whep", [
    ...[...room, ...code, "--from", "cam", "--seconds", "2", "--json"],
  ]);
  const nobody = await runCli("whep", [...room, ...code, "--from", "eve", "--seconds", "1"]);
  seen.resolve();
  await Promise.all([first, second]);
  await server.close();

  assert.match(refused.err, /\[bad-passcode\]\n$/);
  assert.match(unseen.err, /\[bad-passcode\]\n$/);
  assert.equal(watched.code, 0, watched.err);
  const { media } = linesOf(watched).at(-1) as { media: Media[] };
  assert.deepEqual(media.map(({ codec }) => codec), ["VP8"]);
  assert.match(nobody.err, /\[no-such-participant\]\n$/);
});

Deno.test("[CR7] whip broadcasts under a live room's code with its host key, and not without", async () => {
  await using files = await MediaFiles.make();
  const audio = await files.sound({ seconds: 1 });
  const server = await MediaServer.start();
  const body = JSON.stringify({ kind: "live" });
  const headers = { "content-type": "application/json" };
  const made = await fetch(`${server.address}/api/rooms`, { method: "POST", headers, body });
  const { roomId, hostKey } = await made.json();
  const args = [
    "--url",
    server.address,
    "--room",
    roomId,
    "--role",
    "broadcaster",
    "--audio",
    audio,
  ];

  const refused = await runCli("whip", args);
  const wrong = await runCli("whip", [...args, "--host-key", "guess"]);
  const seen = Promise.withResolvers<void>();
  const opened = runCli(
    "whip",
    [...args, "--host-key", hostKey, "--user-id", "mic", "--loop"],
    { interruptWhen: seen.promise },
  );
  await server.untilIn(roomId, "mic broadcaster");
  seen.resolve();
  const { code, err } = await opened;
  await server.close();

  assert.match(refused.err, /join with the room's host key; .+ \[not-allowed\]\n$/);
  assert.match(wrong.err, /\[not-allowed\]\n$/);
  assert.deepEqual([refused.code, wrong.code], [1, 1]);
  assert.deepEqual([code, err], [0, ""]);
});

Deno.test("whip ends with its file, tells every second in words, and leaves the room", async () => {
  await using files = await MediaFiles.make();
  const file = await files.picture("VP8", { seconds: 2 });
  const server = await MediaServer.start();

  const { code, out, err } = await runCli("whip", [
    ...["--url", server.address, "--room", "test", "--name", "Ann", "--file", file],
  ]);

  assert.deepEqual([code, err], [0, ""]);
  assert.match(out, /^Publishing into room "test" as http:\S+\/whip\/test\/\S+\n/);
  const figures = /\d+ kbit\/s {2}\d+ packets {2}NACK \d+ {2}PLI \d+ {2}round trip .+/.source;
  assert.match(out, new RegExp(`^1 s {2}${figures}$`, "m"));
  assert.match(out, /^Ended \(over\)\n\d+ kbit\/s {2}.*\n$/m);
  assert.deepEqual(await server.roster("test"), []);
  await server.close();
});

Deno.test("whip and whep tell in the server's words why it refuses, and end with 1", async () => {
  await using files = await MediaFiles.make();
  const file = await files.picture("VP8", { seconds: 1 });
  const server = await MediaServer.start({ flags: ["--token-secret", SECRET] });
  const room = ["--url", server.address, "--room", "test"];
  const viewer = await sign({ role: "viewer" });

  const results = {
    none: await runCli("whip", [...room, "--file", file]),
    forged: await runCli("whip", [...room, "--file", file, "--token", `${viewer}x`]),
    viewer: await runCli("whip", [...room, "--file", file, "--token", viewer]),
    missing: await runCli("whep", room, { environment: { SIGNALBOX_TOKEN: viewer } }),
    good: await runCli("whip", [...room, "--file", file], {
      environment: { SIGNALBOX_TOKEN: await sign({}) },
    }),
  };
  await server.close();

  for (const { out, err } of Object.values(results)) assert.ok(!(out + err).includes(viewer));
  const told = Object.entries(results).map(([name, { code, err }]) => `${name} ${code} ${err}`);
  assert.match(told[0]!, /^none 1 .+ \[bad-token\]\n$/);
  assert.match(told[1]!, /^forged 1 .+ \[bad-token\]\n$/);
  assert.match(
    told[2]!,
    /^viewer 1 Cannot publish: the token is that of a viewer \[not-allowed\]\n/,
  );
  assert.match(
    told[3]!,
    /^missing 1 Cannot view room "test": no such room, .+ \[room-not-found\]\n$/,
  );
  assert.equal(told[4], "good 0 ", "the end of the session takes the token too");
});

Deno.test("whip ends with 1 when its offer is refused, by whomever", async () => {
  await using files = await MediaFiles.make();
  const file = await files.picture("VP8", { seconds: 1 });
  const refuse = (status: number, body: string, headers = {}) =>
    publishTo(file, () => new Response(body, { status, headers }));

  const problem = await refuse(422, '{"code":"unfit-offer","detail":"Cannot publish: no codec"}');
  const page = await refuse(502, "<h1>Bad Gateway</h1>\n<p>nginx");
  const lost = await refuse(201, "v=0\r\n");
  const strange = await refuse(201, "v=0\r\n", { location: "/whip/test/1" });

  assert.deepEqual([problem, page, lost, strange].map(({ code }) => code), [1, 1, 1, 1]);
  assert.equal(problem.err, "Cannot publish: no codec [unfit-offer]\n");
  assert.equal(page.err, "The server answers 502 Bad Gateway: <h1>Bad Gateway</h1>\n");
  assert.equal(lost.err, "Cannot use the answer: it has no Location to end the session at\n");
  assert.match(strange.err, /^Cannot use the server's description: .+\n$/);
});

Deno.test("whip ends with 1 when it is put out of the room, and whep when nothing comes", async () => {
  await using files = await MediaFiles.make();
  const audio = await files.sound({ seconds: 2 });
  const server = await MediaServer.start();
  const room = ["--url", server.address, "--room", "test"];

  const publishing = runCli("whip", [...room, "--user-id", "mic", "--audio", audio, "--loop"]);
  await server.untilIn("test", "mic participant");
  const heard = await runCli("whep", [...room, "--seconds", "2"]);
  await (await server.ask("/api/rooms/test/participants/mic", { method: "DELETE" })).body?.cancel();
  const kicked = await publishing;
  const unheard = await runCli("whep", [...room, "--seconds", "1"]);
  await server.close();

  assert.equal(heard.code, 0);
  assert.match(heard.out, /^0 opus {2}\d+ kbit\/s {2}\d+ frames {2}lost 0 {2}jitter .+ ms$/m);
  assert.deepEqual([kicked.code, kicked.err], [1, "The server has ended the connection\n"]);
  assert.equal(unheard.code, 1, unheard.out);
});

Deno.test("[TO3, TO4] whip is put out 10 s after one has come whose media go from each to each", async () => {
  await using files = await MediaFiles.make();
  const audio = await files.sound({ seconds: 2 });
  const server = await MediaServer.start();
  const room = ["--url", server.address, "--room", "test", "--audio", audio, "--loop"];
  const publishing = runCli("whip", [...room, "--user-id", "mic"]);
  await server.untilIn("test", "mic participant");

  const old = new WebSocket(`${server.address.replace("http", "ws")}/ws`);
  old.onopen = () => old.send(JSON.stringify({ type: "join", roomId: "test", userId: "old" }));
  await server.untilIn("test", "mic participant", "old participant");
  const late = await runCli("whip", [...room, "--user-id", "late"]);
  const { code, err } = await publishing;

  assert.deepEqual([code, err], [1, "The server has ended the connection\n"]);
  assert.equal(late.code, 1);
  assert.match(late.err, /its media do not go through the server \[not-allowed\]\n$/);
  await server.untilIn("test", "old participant");
  const closed = new Promise((resolve) => old.onclose = resolve);
  old.close();
  await closed;
  await server.close();
});

Deno.test("whip and whep end with 2 for what cannot be used, and name it", async () => {
  await using files = await MediaFiles.make();
  const text = await files.write("text", new TextEncoder().encode("no picture"));
  const zeros = await files.write("zeros", Uint8Array.of(0, 0, 0, 1, 9, 16));
  const room = ["--room", "test"];

  for (
    const [command, args, sentence] of [
      ["whip", ["--room", "a b", "--file", text], /^Cannot use --room "a b": expected 1 to 64 /],
      ["whip", [...room], /^Cannot publish without --file or --audio\n/],
      ["whip", [...room, "--file", text], /^Cannot use --file ".+text": it is no IVF file\n/],
      ["whip", [...room, "--file", text, "--fps", "0"], /^Cannot use --fps "0": expected a number/],
      ["whip", [...room, "--file", zeros], /^Cannot use --file ".+zeros": it has no picture/],
      [
        "whip",
        [...room, "--role", "viewer"],
        /^Cannot use --role "viewer": known are participant, /,
      ],
      ["whip", [...room, "--from", "ann"], /^Unknown option '--from'\n/],
      ["whip", [...room, "--audio", text], /^Cannot use --audio ".+text": it is no Ogg file\n/],
      ["whip", [...room, "--file", `${text}2`], /^Cannot use --file ".+text2": No such file/],
      ["whip", [...room, "--file", files.folder], /^Cannot use --file ".+": Is a directory/],
      ["whep", [...room, "--role", "participant"], /^Unknown option '--role'\n/],
      ["whep", [], /^Cannot use whep without --room\n/],
      ["whep", [...room, "--user-id", "a b"], /^Cannot use --user-id "a b": expected 1 to 64 /],
      ["whep", [...room, "--from", "a b"], /^Cannot use --from "a b": expected 1 to 64 /],
      ["whep", [...room, "--seconds", "long"], /^Cannot use --seconds "long": expected a number/],
      ["whep", [...room, "--url", "ftp://a"], /^Cannot use --url "ftp:\/\/a": expected /],
    ] as const
  ) {
    const { code, err } = await runCli(command, args);
    assert.equal(code, 2, err);
    assert.match(err, sentence);
    assert.ok(err.endsWith(`The flags: deno task ${command} --help\n`));
  }
});

Deno.test("whep ends with 3 where nobody answers", async () => {
  const { code, err } = await runCli("whep", [
    ...["--url", `http://127.0.0.1:${freePort()}`, "--room", "test"],
  ]);

  assert.equal(code, 3);
  assert.match(err, /^Cannot reach http:\S+: .+\. Start a server with: deno task start\n$/s);
});

/** What `whip` makes of a server that answers like this. */
async function publishTo(file: string, answer: () => Response): Promise<CliResult> {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, answer);
  try {
    const url = `http://127.0.0.1:${server.addr.port}`;
    return await runCli("whip", ["--url", url, "--room", "test", "--file", file]);
  } finally {
    await server.shutdown();
  }
}

function linesOf({ out }: CliResult): Record<string, unknown>[] {
  return out.trimEnd().split("\n").map((line) => JSON.parse(line));
}
