/** `deno task participant` as its users run it: what it says, and how it ends. */
import assert from "node:assert/strict";
import { HeadlessParticipant } from "../../support/headless_participant.ts";
import { MediaFiles } from "../../support/media_files.ts";
import { freePort } from "../../support/ports.ts";
import { type CliResult, runCli } from "../../support/run_cli.ts";
import { ServerProcess } from "../../support/server_process.ts";

Deno.test("participant explains itself, and ends with 2 where a flag or a file cannot be used", async () => {
  await using files = await MediaFiles.make();
  const text = await files.write("notes.ivf", new TextEncoder().encode("no film"));
  const help = await runCli("participant", ["--help"]);
  assert.equal(help.code, 0);
  assert.match(help.out, /--test-pattern[^]*Exit codes[^]*Examples/);

  for (
    const [args, words] of [
      [[], /without --room/],
      [["--room", "a b"], /--room/],
      [["--room", "r", "--role", "king"], /--role "king"/],
      [["--room", "r", "--camera", "x", "--test-pattern"], /--camera with --test-pattern/],
      [["--room", "r", "--role", "viewer", "--tone"], /--tone with --role viewer/],
      [["--room", "r", "--fps", "30"], /--fps without --file/],
      [["--room", "r", "--mjpeg", "70000"], /--mjpeg/],
      [["--room", "r", "--file", text], /no IVF file/],
      [["--room", "r", "--file", `${files.folder}/none.h264`], /none\.h264/],
      [["--room", "r", "--file", `${files.folder}/none.y4m`], /none\.y4m/],
    ] as const
  ) {
    const { code, err } = await runCli("participant", args);

    assert.equal(code, 2, err);
    assert.match(err, words);
  }
});

Deno.test("participant ends with 3 where nobody answers, and with 1 where it is refused", async () => {
  const dead = await runCli("participant", [
    ...["--url", `http://127.0.0.1:${freePort()}`, "--room", "test"],
  ]);
  assert.equal(dead.code, 3, dead.err);
  assert.match(dead.err, /Cannot reach .*deno task start/);

  await using server = await startServer();
  const refused = await runCli("participant", [
    ...["--url", server.address, "--room", "nowhere", "--role", "viewer"],
  ]);
  assert.equal(refused.code, 1, refused.err);
  assert.match(refused.err, /Cannot enter room "nowhere": .*room-not-found/);
});

Deno.test("participant says what to install where ffmpeg is needed and not there, and ends with 4", async () => {
  await using files = await MediaFiles.make();
  const raw = await files.write("raw.y4m", new TextEncoder().encode("YUV4MPEG2 W16 H16 F25:1\n"));
  for (
    const [flag, value] of [
      ...[["--camera", "/dev/video0"], ["--microphone", "default"], ["--mjpeg", "0"]],
      ["--file", raw],
    ] as const
  ) {
    const { code, err } = await runCli("participant", ["--room", "r", flag!, value!], {
      environment: { PATH: "/nowhere" },
    });

    assert.equal(code, 4, err);
    assert.match(err, RegExp(`${flag} without ffmpeg.*apt install ffmpeg`));
  }
});

Deno.test("participant sends a camera through ffmpeg, and tells in words what comes", async () => {
  await using server = await startServer();
  const inRoom = ["--url", server.address, "--room", "test"];
  await using cam = await HeadlessParticipant.join("cam", [
    ...[...inRoom, "--camera", "lavfi:testsrc2=size=320x240:rate=15"],
    ...["--microphone", "lavfi:sine=frequency=440"],
  ]);

  const { code, out, err } = await runCli("participant", [
    ...[...inRoom, "--user", "eye", "--seconds", "6"],
  ]);

  assert.equal(code, 0, err);
  assert.match(out, /^In room "test" as eye$/m);
  assert.match(out, /^cam +camera +p2p +VP8 +320x240 .* key frames/m);
  assert.match(out, /^cam +microphone +p2p +opus /m);
  assert.equal(await cam.stop(), 0);
});

Deno.test("participant ends with 1 where its source fails, and says why", async () => {
  await using server = await startServer();
  const { code, err }: CliResult = await runCli("participant", [
    ...["--url", server.address, "--room", "test", "--camera", "/dev/no-such-camera"],
  ]);

  assert.equal(code, 1, err);
  assert.match(err, /--camera: ffmpeg has ended: .*no-such-camera/);
});

async function startServer(): Promise<ServerProcess> {
  return await ServerProcess.start({ args: ["--media", "off", "--log-level", "error"] });
}
