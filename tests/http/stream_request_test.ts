/** What paths and queries of pictures ask for, and those that ask for nothing. */
import assert from "node:assert/strict";
import { HttpError } from "../../src/http/problem.ts";
import { readStreamRequest, streamPath } from "../../src/http/stream_request.ts";
import { hasCode } from "../support/room_fixture.ts";
import { roomId, userId } from "../support/messages.ts";

const read = (file: string, query = "", room = "test") =>
  readStreamRequest({ roomId: room, file }, new URLSearchParams(query));

Deno.test("readStreamRequest reads whose pictures, one or many, how wide and how often", () => {
  assert.deepEqual(read("ann.mjpeg"), {
    roomId: "test",
    userId: "ann",
    form: "mjpeg",
    width: 640,
    framesPerSecond: 10,
  });
  const { form, width, framesPerSecond } = read("ann.jpg", "fps=0.2&width=3840&passcode=x");
  assert.deepEqual([form, width, framesPerSecond], ["jpg", 3_840, 0.2]);
});

Deno.test("readStreamRequest takes the last ending alone for one: user ids may have dots", () => {
  assert.equal(read("ann.jpg.mjpeg").userId, "ann.jpg");
  assert.equal(read("安.mjpeg").userId, "安");
});

Deno.test("readStreamRequest refuses other endings as nothing that is there", () => {
  for (const file of ["ann", "ann.png", "ann.MJPEG", "ann.mjpeg/", ".gif", "ann.jpg\n"]) {
    const isMissing = (error: unknown) =>
      error instanceof HttpError && error.status === 404 && error.code === "not-found";
    assert.throws(() => read(file), isMissing, file);
  }
});

Deno.test("readStreamRequest refuses bad ids", () => {
  assert.throws(() => read("a b.mjpeg"), hasCode("invalid-user-id"));
  assert.throws(() => read(".mjpeg"), hasCode("invalid-user-id"));
  assert.throws(() => read("ann.mjpeg", "", "a/b"), hasCode("invalid-room-id"));
});

Deno.test("readStreamRequest refuses what is no number within the bounds", () => {
  const queries = [
    ...["0", "0.19", "30.01", "31", "-1", "1e1", "NaN", "Infinity", "", " 5", "5,5", "0x10", "."]
      .map((value) => `fps=${encodeURIComponent(value)}`),
    ...["0", "15", "3841", "640.5", "6e2", "-640", "", "wide", "9".repeat(400)]
      .map((value) => `width=${value}`),
  ];

  for (const query of queries) {
    assert.throws(() => read("ann.mjpeg", query), hasCode("bad-message"), query);
  }
});

Deno.test("streamPath is a path that is read as what it was made of", () => {
  assert.equal(
    streamPath(roomId("zimmer_1"), userId("安.b"), "jpg"),
    "/streams/zimmer_1/%E5%AE%89.b.jpg",
  );
});
