/** How ffmpeg is asked for what is sent. */
import assert from "node:assert/strict";
import {
  cameraArguments,
  fileArguments,
  microphoneArguments,
} from "../../../../cli/media/sources/ffmpeg_arguments.ts";

const input = (args: readonly string[]) => args.slice(args.indexOf("-f"), args.indexOf("-i") + 2);

Deno.test("cameraArguments opens a device as the system has them, or in the format that is named", () => {
  const of = (device: string, os: "linux" | "darwin" | "windows") =>
    input(cameraArguments(device, os));

  assert.deepEqual(of("/dev/video0", "linux"), ["-f", "v4l2", "-i", "/dev/video0"]);
  assert.deepEqual(of("0", "darwin"), ["-f", "avfoundation", "-i", "0"]);
  assert.deepEqual(of("video=Cam", "windows"), ["-f", "dshow", "-i", "video=Cam"]);
  assert.deepEqual(of("lavfi:testsrc2=rate=5", "linux"), ["-f", "lavfi", "-i", "testsrc2=rate=5"]);
  assert.ok(cameraArguments("lavfi:testsrc2", "linux").includes("-re"));
  assert.ok(!cameraArguments("/dev/video0", "linux").includes("-re"));
});

Deno.test("microphoneArguments knows the names of ALSA from those of formats", () => {
  const of = (device: string) => input(microphoneArguments(device, "linux"));

  assert.deepEqual(of("default"), ["-f", "alsa", "-i", "default"]);
  assert.deepEqual(of("hw:0,1"), ["-f", "alsa", "-i", "hw:0,1"]);
  assert.deepEqual(of("plughw:0"), ["-f", "alsa", "-i", "plughw:0"]);
  assert.deepEqual(of("pulse:default"), ["-f", "pulse", "-i", "default"]);
});

Deno.test("fileArguments names a file as one, whatever it is called", () => {
  const args = fileArguments("http:x.y4m");

  assert.equal(args[args.indexOf("-i") + 1], "file:http:x.y4m");
});
