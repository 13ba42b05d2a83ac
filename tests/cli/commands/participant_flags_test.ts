/** What a headless participant is asked to do, flag by flag. */
import assert from "node:assert/strict";
import { UsageError } from "../../../cli/arguments.ts";
import { readParticipantFlags } from "../../../cli/commands/participant_flags.ts";

const read = (text: string, token?: string) => readParticipantFlags(text.split(" "), token)!;

Deno.test("readParticipantFlags fills in what is not given: it takes part, and sends nothing", () => {
  const { target, ...flags } = read("--room test");

  assert.equal(target.socketUrl, "ws://127.0.0.1:8080/ws");
  assert.deepEqual(flags, {
    ...{ roomId: "test", userId: undefined, name: undefined, role: "participant" },
    ...{ token: undefined, passcode: undefined, hostKey: undefined },
    ...{ picture: { kind: "none" }, sound: { kind: "none" } },
    ...{ mjpegPort: undefined, folder: undefined, durationMs: undefined, isJson: false },
  });
});

Deno.test("readParticipantFlags takes every flag", () => {
  const flags = read(
    "--url https://rooms.example.org --room 123456 --user ann --name Ann --role broadcaster " +
      "--token t --passcode p --host-key k --file x.h264 --fps 50 --audio y.ogg --mjpeg 8081 " +
      "--record films --seconds 2.5 --json",
    "of the environment",
  );

  assert.equal(flags.target.socketUrl, "wss://rooms.example.org/ws");
  assert.deepEqual([flags.userId, flags.name, flags.role], ["ann", "Ann", "broadcaster"]);
  assert.deepEqual([flags.token, flags.passcode, flags.hostKey], ["t", "p", "k"]);
  assert.deepEqual(flags.picture, { kind: "file", path: "x.h264", framesPerSecond: 50 });
  assert.deepEqual(flags.sound, { kind: "file", path: "y.ogg" });
  assert.deepEqual([flags.mjpegPort, flags.folder, flags.durationMs], [8081, "films", 2_500]);
  assert.equal(flags.isJson, true);
});

Deno.test("readParticipantFlags knows devices, the pattern, its tone and the environment's token", () => {
  const devices = read("--room r --camera /dev/video0 --microphone hw:0", "secret");

  assert.deepEqual(devices.picture, { kind: "camera", device: "/dev/video0" });
  assert.deepEqual(devices.sound, { kind: "microphone", device: "hw:0" });
  assert.equal(devices.token, "secret");
  assert.deepEqual(read("--room r --test-pattern --tone").picture, { kind: "pattern" });
  assert.deepEqual(read("--room r --test-pattern --tone").sound, { kind: "tone" });
  assert.equal(readParticipantFlags(["--help"], undefined), undefined);
});

for (
  const [text, named] of [
    ["--user ann", "--room"],
    ["--room a/b", "--room"],
    ["--room r --user a/b", "--user"],
    ["--room r --role host", "--role"],
    ["--room r --file x --camera y", "--camera"],
    ["--room r --tone --audio y", "--audio"],
    ["--room r --role viewer --test-pattern", "--test-pattern"],
    ["--room r --fps 25", "--fps"],
    ["--room r --file x --fps 0", "--fps"],
    ["--room r --mjpeg x", "--mjpeg"],
    ["--room r --seconds 0", "--seconds"],
    ["--room r --url ftp://x", "--url"],
    ["--room r --turn", "--turn"],
  ] as const
) {
  Deno.test(`readParticipantFlags refuses ${text}`, () => {
    assert.throws(
      () => read(text),
      (error) => error instanceof UsageError && error.message.includes(named),
    );
  });
}
