/** What the page takes from `/api/streams`, and where it finds pictures. */
import assert from "node:assert/strict";
import { RATES, WIDTHS } from "../../../src/http/stream_request.ts";
import {
  FRAME_RATES,
  PICTURE_WIDTHS,
  pictureAddress,
  streamKey,
  streamsIn,
  streamsQuery,
  USUAL_CHOICE,
} from "../../../static/state/streams.ts";

const urls = { mjpeg: "/streams/test/ann.mjpeg", jpg: "/streams/test/ann.jpg" };
const raw = { roomId: "test", userId: "ann", name: "Ann", role: "participant", joinedAt: 7, urls };
const ann = streamsIn({ streams: [raw] })[0]!;
const open = { room: "", passcode: "", accessToken: "" };

Deno.test("streamsIn reads streams in order; who has no name is called by the user id", () => {
  assert.deepEqual(streamsIn({ streams: [raw, { ...raw, userId: "bob", name: undefined }] }), [
    { roomId: "test", userId: "ann", name: "Ann", joinedAt: 7, ...urls },
    { roomId: "test", userId: "bob", name: "bob", joinedAt: 7, ...urls },
  ]);
});

Deno.test("streamsIn passes over what is no stream, and addresses that lead elsewhere", () => {
  const elsewhere = [
    "https://evil.example/streams/a/b.jpg",
    "//evil.example/streams/a",
    "javascript:1",
    "/api/rooms",
    "/streams/a/../../x",
    5,
  ].map((mjpeg) => ({ ...raw, urls: { ...urls, mjpeg } }));

  assert.deepEqual(streamsIn(null), []);
  assert.deepEqual(streamsIn({ streams: "many" }), []);
  assert.deepEqual(streamsIn({ streams: [null, {}, { ...raw, urls: 1 }, ...elsewhere] }), []);
});

Deno.test("streamKey tells rooms, users and stays apart", () => {
  const others = [{ roomId: "b" }, { userId: "b" }, { joinedAt: 8 }];

  const keys = [{}, ...others].map((change) => streamKey({ ...ann, ...change }));

  assert.equal(new Set(keys).size, 4);
});

Deno.test("streamsQuery shows what the room demands in headers, which no log keeps", () => {
  assert.deepEqual(streamsQuery(open), { path: "/api/streams", headers: {} });
  assert.deepEqual(streamsQuery({ room: "房 1", passcode: "é &", accessToken: "a.b" }), {
    path: "/api/streams?room=%E6%88%BF%201",
    headers: { "room-passcode": "%C3%A9%20%26", authorization: "Bearer a.b" },
  });
});

Deno.test("pictureAddress says how pictures are to be, and another turn is another address", () => {
  const options = { choice: { framesPerSecond: 0.5, width: 320 }, rights: open, turn: 0 };
  const closed = { room: "test", passcode: "a&b", accessToken: "x.y" };

  assert.equal(
    pictureAddress(ann, "mjpeg", options),
    "/streams/test/ann.mjpeg?fps=0.5&width=320&v=7.0",
  );
  assert.equal(
    pictureAddress(ann, "jpg", { ...options, turn: 3 }),
    "/streams/test/ann.jpg?width=320&v=7.3",
  );
  assert.equal(
    pictureAddress(ann, "jpg", { ...options, rights: closed }),
    "/streams/test/ann.jpg?width=320&passcode=a%26b&access_token=x.y&v=7.0",
  );
});

Deno.test("the choices are what the server takes, and begin with what it takes for usual", () => {
  for (const rate of FRAME_RATES) assert.ok(rate >= RATES.least && rate <= RATES.most);
  for (const width of PICTURE_WIDTHS) assert.ok(width >= WIDTHS.least && width <= WIDTHS.most);
  assert.deepEqual(USUAL_CHOICE, { framesPerSecond: RATES.usual, width: WIDTHS.usual });
  assert.ok(FRAME_RATES.some((rate) => rate === USUAL_CHOICE.framesPerSecond));
  assert.ok(PICTURE_WIDTHS.some((width) => width === USUAL_CHOICE.width));
});
