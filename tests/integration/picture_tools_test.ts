/** Pictures over HTTP as people watch them from a terminal: a real ffmpeg and a real curl. */
import assert from "node:assert/strict";
import { type ListeningApp, startListening } from "../support/listening_app.ts";
import { jpegFilm } from "../support/jpeg_film.ts";
import { curl, decodeFor } from "../support/picture_tools.ts";
import { PictureSource } from "../support/picture_source.ts";
import { isJpeg } from "../../src/http/picture_stream.ts";

const SECONDS = 5;

for (const listener of ["deno", "ws"]) {
  for (const framesPerSecond of [2, 10, 25]) {
    Deno.test(`ffmpeg decodes ${SECONDS} s of ${framesPerSecond} pictures a second from ${listener}`, async () => {
      const film = await jpegFilm(SECONDS * framesPerSecond + 50, 320);
      const server = await startListening(listener);
      const ann = await join(server, (n) => film[n % film.length]!);

      const query = `fps=${framesPerSecond}&width=320`;
      const decoded = await decodeFor(`${server.address}/streams/test/ann.mjpeg?${query}`, SECONDS);

      const expected = SECONDS * framesPerSecond;
      const { length } = decoded.times;
      // One more or less at each end, and one of ten that a loaded machine makes late.
      assert.ok(Math.abs(length - expected) <= 2 + expected / 10, `${length} of ${expected}`);
      assert.equal(new Set(decoded.hashes).size, length); // Each another picture.
      assert.equal(decoded.size, "320x180");
      assert.equal(decoded.complaints, "");
      await ann.untilViewers(0);
      await ann.close();
      await server.close();
    });
  }

  Deno.test(`curl reads pictures from ${listener}, one and many, and what refuses them`, async () => {
    const film = await jpegFilm(20, 64);
    const server = await startListening(listener);
    const ann = await join(server, (n) => film[n % film.length]!);
    const url = `${server.address}/streams/test/ann`;

    const one = await curl(`${url}.jpg`);
    assert.equal(one.status, 200);
    assert.match(one.headers, /^content-type: image\/jpeg\r$/m);
    assert.match(one.headers, new RegExp(`^content-length: ${one.body.length}\\r$`, "m"));
    assert.ok(isJpeg(one.body) && film.some((picture) => picture.length === one.body.length));

    const many = await curl(`${url}.mjpeg?fps=10`, ["--max-time", "2"]);
    const [, boundary] = /boundary=([\w-]+)/i.exec(many.headers)!;
    const text = new TextDecoder("latin1").decode(many.body);
    const parts = text.toLowerCase().split(`--${boundary}\r\n`).length - 2;
    assert.ok(parts >= 10 && parts <= 22, `${parts} parts`);

    const head = await curl(`${url}.mjpeg`, ["--head"]);
    assert.deepEqual([head.status, head.body.length > 0], [200, true]); // curl prints the headers.
    const problem = await curl(`${server.address}/streams/test/nobody.mjpeg`);
    assert.equal(problem.status, 404);
    assert.equal(JSON.parse(new TextDecoder().decode(problem.body)).code, "no-such-participant");
    await ann.close();
    await server.close();
  });
}

Deno.test("a picture is asked for at each width, and comes as its source makes it", async () => {
  const server = await startListening("deno");
  const widths: number[] = [];
  const film = await jpegFilm(1, 64);
  const ann = await join(server, (_n, width) => {
    widths.push(width);
    return film[0]!;
  });

  for (const width of [16, 640, 3_840]) {
    const { status } = await curl(`${server.address}/streams/test/ann.jpg?width=${width}`);
    assert.equal(status, 200);
  }

  assert.deepEqual([...new Set(widths)], [16, 640, 3_840]);
  await ann.close();
  await server.close();
});

function join(
  server: ListeningApp,
  pictureAt: (n: number, width: number) => Uint8Array,
): Promise<PictureSource> {
  return PictureSource.join(server.address, { roomId: "test", userId: "ann" }, pictureAt);
}
