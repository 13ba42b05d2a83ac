/** Participants without a browser with each other: a real server, real connections over UDP. */
import assert from "node:assert/strict";
import { Connection } from "../../cli/client.ts";
import { fieldsOf } from "../../cli/verify/mod.ts";
import { Coturn } from "../support/coturn.ts";
import { probe } from "../support/ffmpeg.ts";
import { HeadlessParticipant } from "../support/headless_participant.ts";
import { MediaFiles } from "../support/media_files.ts";
import { ServerProcess } from "../support/server_process.ts";
import { waitUntil } from "../support/wait_until.ts";

Deno.test("[RL1, TO1] two headless participants get each other in a mesh, a pattern and a file, and record it", async () => {
  await using files = await MediaFiles.make();
  await using server = await startServer();
  const inRoom = ["--url", server.address, "--room", "pair"];
  await using ann = await HeadlessParticipant.join("ann", [
    ...[...inRoom, "--test-pattern", "--tone", "--record", `${files.folder}/recorded`],
  ]);
  await using bob = await HeadlessParticipant.join("bob", [
    ...[...inRoom, "--file", await files.picture("VP8", { seconds: 3 })],
    ...["--audio", await files.sound({ seconds: 3 })],
  ]);

  const pattern = await bob.untilTrack(
    "ann",
    "camera",
    ({ numbersInOrder }) => numbersInOrder > 50,
  );
  const file = await ann.untilTrack("bob", "camera", ({ frames }) => frames > 80);
  await ann.untilTrack("bob", "microphone", ({ packets }) => packets > 100);
  await bob.untilTrack("ann", "microphone", ({ packets }) => packets > 100);

  assert.deepEqual([pattern.codec, pattern.path, pattern.width], ["H264", "p2p", 640]);
  assert.deepEqual([file.codec, file.path, file.width], ["VP8", "p2p", 320]);
  assert.deepEqual([pattern.lost, file.lost], [0, 0]);
  assert.ok(file.keyFrames >= 2, "it goes round");
  assert.equal(await ann.stop(), 0);
  const recorded = ann.lines.find(({ type }) => type === "recorded")!.files as string[];
  const film = recorded.find((path) => path.endsWith(".webm"))!;
  const { streams } = await probe(film);
  assert.deepEqual(streams.map(({ codec }) => codec).sort(), ["opus", "vp8"], `${recorded}`);
  assert.ok(streams.every(({ packets }) => packets > 50), `${recorded}`);
  assert.equal(await bob.stop(), 0);
  assert.equal(bob.lines.at(-1)?.type, "ended");
});

Deno.test("[JO6, TO1] in a live room the broadcaster links to each viewer, and viewers to nobody else", async () => {
  await using server = await startServer();
  const inRoom = ["--url", server.address, "--room", "show"];
  await using star = await HeadlessParticipant.join("star", [
    ...[...inRoom, "--role", "broadcaster", "--test-pattern"],
  ]);
  await using one = await HeadlessParticipant.join("one", [...inRoom, "--role", "viewer"]);
  await using two = await HeadlessParticipant.join("two", [...inRoom, "--role", "viewer"]);

  for (const viewer of [one, two]) {
    await viewer.untilTrack("star", "camera", ({ numbersInOrder }) => numbersInOrder > 10);
    assert.deepEqual(viewer.report!.links, { star: "connected" });
  }
  assert.deepEqual(Object.keys(star.report!.links).sort(), ["one", "two"]);
});

async function startServer(): Promise<ServerProcess> {
  return await ServerProcess.start({ args: ["--media", "off", "--log-level", "error"] });
}

Deno.test("[IC1] a participant uses the TURN credentials that it is given, and tells others of its relay", async () => {
  const secret = "s3cret of the tests";
  await using coturn = await Coturn.start({ secret });
  await using server = await ServerProcess.start({
    args: ["--media", "off", "--log-level", "error", "--turn-url", `turn:127.0.0.1:${coturn.port}`],
    environment: { TURN_SECRET: secret },
  });
  const candidates: string[] = [];
  const other = await Connection.connect(`${server.address.replace("http", "ws")}/ws`, {
    timeoutMs: 10_000,
    onMessage: (message) => {
      const { candidate } = fieldsOf(fieldsOf(message)?.candidate) ?? {};
      if (typeof candidate === "string") candidates.push(candidate);
    },
    onEnd() {},
  });
  other.send({ type: "join", roomId: "relayed", userId: "zed" });

  await using _ann = await HeadlessParticipant.join("ann", [
    ...["--url", server.address, "--room", "relayed", "--tone"],
  ]);
  await waitUntil(() =>
    candidates.some((one) => / typ relay /.test(one)) ? undefined : candidates.join("; ")
  );

  await other.close();
});
