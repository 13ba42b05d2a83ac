/** What is received as MJPEG, decoded by the real ffmpeg while somebody watches. */
import assert from "node:assert/strict";
import type { Followed } from "../../../../cli/media/received/followed_tracks.ts";
import { MjpegServer } from "../../../../cli/media/received/mjpeg_server.ts";
import { systemClock } from "../../../../src/base/mod.ts";
import { PatternPackets, readPacket } from "../../../support/pattern_packets.ts";

Deno.test("MjpegServer shows one picture and many, lists who is there, and knows nobody else", async () => {
  const wishes = { count: 0 };
  const pattern = new PatternPackets();
  const ann: Followed = {
    ...{ userId: "ann", source: "camera" },
    wantKeyFrame: () => {
      wishes.count++;
      pattern.source.wantKeyFrame();
    },
  };
  const server = new MjpegServer({ port: 0, clock: systemClock, notice() {} });
  const cancel = systemClock.every(40, () => {
    const at = performance.now();
    for (const bytes of pattern.at(at)) server.packet(ann, "H264", readPacket(bytes), at);
  });
  try {
    const before = await (await fetch(server.address)).text();
    assert.match(before, /ann\.mjpeg|Nobody shows a picture/);
    const jpeg = await untilPicture(`${server.address}ann.jpg`);
    assert.deepEqual([...jpeg.subarray(0, 2), ...jpeg.subarray(-2)], [0xff, 0xd8, 0xff, 0xd9]);
    assert.ok(wishes.count > 0, "it begins with a key frame");

    const response = await fetch(`${server.address}ann.mjpeg`);
    assert.equal(
      response.headers.get("content-type"),
      "multipart/x-mixed-replace; boundary=picture",
    );
    let text = "";
    for await (const piece of response.body!) {
      text += new TextDecoder("latin1").decode(piece);
      if ((text.match(/--picture\r\ncontent-type: image\/jpeg\r\n/g) ?? []).length >= 3) break;
    }
    assert.match(text, /content-length: \d+\r\n\r\n/);
    assert.match(await (await fetch(server.address)).text(), /href="\/ann\.mjpeg"/);

    for (const path of ["bob.jpg", "%zz.jpg", "x"]) {
      const { status, body } = await fetch(`${server.address}${path}`);
      await body?.cancel();
      assert.equal(status, 404, path);
    }
    assert.match(await askAs("evil.example", server.address), /^HTTP\/1\.1 403 /);
    const { status, body } = await fetch(server.address, { method: "POST" });
    await body?.cancel();
    assert.equal(status, 405);

    const watching = (await fetch(`${server.address}ann.mjpeg`)).body!;
    await server.close();
    for await (const _ of watching) continue; // It ends.
  } finally {
    cancel();
    await server.close();
  }
});

/** The answer to whoever calls the server by another name. */
async function askAs(host: string, address: string): Promise<string> {
  const { hostname, port } = new URL(address);
  const connection = await Deno.connect({ hostname, port: Number(port) });
  const request = `GET / HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`;
  await connection.write(new TextEncoder().encode(request));
  return await new Response(connection.readable).text();
}

/** Who asks before anything came is told that nobody is there. */
async function untilPicture(address: string): Promise<Uint8Array> {
  for (;;) {
    const response = await fetch(address);
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (response.status === 200) return bytes;
    assert.equal(response.status, 404);
  }
}
