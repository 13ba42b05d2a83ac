/** Pictures over HTTP on both listeners: real sockets, real JPEG, and readers who are slow or go. */
import assert from "node:assert/strict";
import { startListening } from "../support/listening_app.ts";
import { PictureParts } from "../support/picture_parts.ts";
import { markOf, PictureSource, tinyJpeg } from "../support/picture_source.ts";
import { waitUntil } from "../support/wait_until.ts";

/** A reader that the kernel has taken a picture for has this much ahead of it, at the least. */
const BIG_BYTES = 100_000;

/** A picture of {@linkcode BIG_BYTES}, with its mark at the end. */
function bigJpeg(mark: number): Uint8Array {
  const tiny = tinyJpeg(mark);
  const big = new Uint8Array(BIG_BYTES);
  big.set(tiny);
  new DataView(big.buffer).setUint16(BIG_BYTES - 2, mark);
  return big;
}

for (const listener of ["deno", "ws"]) {
  Deno.test(`pictures on ${listener} come at the rate that was asked, whole and in order`, async () => {
    const server = await startListening(listener);
    const ann = await PictureSource.join(server.address, { roomId: "test", userId: "ann" });
    const parts = await PictureParts.open(`${server.address}/streams/test/ann.mjpeg?fps=20`);

    const first = (await parts.next())!;
    const count = 30;
    let last = first;
    for (let n = 0; n < count; n++) {
      const next = (await parts.next())!;
      assert.ok(markOf(next.jpeg) > markOf(last.jpeg));
      assert.deepEqual(next.jpeg, tinyJpeg(markOf(next.jpeg)));
      last = next;
    }
    const rate = count / (last.seconds - first.seconds);

    assert.ok(rate > 14 && rate < 22, `${rate} a second`);
    await parts.close();
    await ann.untilViewers(0);
    await ann.close();
    await server.close();
  });

  Deno.test(`pictures on ${listener} are made while somebody watches, and the source knows how many`, async () => {
    const server = await startListening(listener);
    const ann = await PictureSource.join(server.address, { roomId: "test", userId: "ann" });
    const url = `${server.address}/streams/test/ann.mjpeg`;
    assert.equal(ann.sent, 0);

    const parts = await Promise.all([1, 2, 3].map(() => PictureParts.open(url)));
    await ann.untilViewers(3);
    assert.equal(ann.wanted.pictures.length, 1); // One for all three.
    assert.equal(await server.metric('signalbox_picture_viewers{form="mjpeg"}'), 3);
    const jpg = await fetch(url.replace(".mjpeg", ".jpg"));
    assert.equal(new Uint8Array(await jpg.arrayBuffer()).length, tinyJpeg().length);
    await Promise.all(parts.map((one) => one.close()));
    await ann.untilViewers(0);

    assert.deepEqual(ann.wanted.pictures, []);
    assert.equal(await server.metric('signalbox_picture_viewers{form="mjpeg"}'), 0);
    await ann.close();
    await server.close();
  });

  Deno.test(`pictures on ${listener} keep no queue for a reader that is slow: it goes on with the newest`, async () => {
    const server = await startListening(listener);
    const join = { roomId: "test", userId: "ann" };
    const ann = await PictureSource.join(server.address, join, bigJpeg);
    const slow = await PictureParts.open(`${server.address}/streams/test/ann.mjpeg?fps=20`);
    const first = markOf((await slow.next())!.jpeg);

    await waitUntil(async () => {
      const skipped = await server.metric("signalbox_pictures_skipped_total");
      return skipped >= 20 ? undefined : `${skipped} pictures were skipped`;
    });
    const newest = ann.sent;
    const marks = [first];
    while (marks.at(-1)! < newest) marks.push(markOf((await slow.next())!.jpeg));
    const gaps = marks.slice(1).map((mark, n) => mark - marks[n]!);

    // What the kernel had taken comes first; behind it comes what is new, and nothing in between.
    assert.ok(Math.max(...gaps) >= 20, `${gaps}`);
    assert.ok(marks.length < newest - first - 10, `${marks.length} of ${newest}`);
    await slow.close();
    await ann.close();
    await server.close();
  });

  Deno.test(`pictures on ${listener} end when their source goes, and before the server does`, async () => {
    const server = await startListening(listener);
    const ann = await PictureSource.join(server.address, { roomId: "test", userId: "ann" });
    const bob = await PictureSource.join(server.address, { roomId: "test", userId: "bob" });
    const url = (user: string) => `${server.address}/streams/test/${user}.mjpeg`;
    const [ofAnn, ofBob] = await Promise.all([
      PictureParts.open(url("ann")),
      PictureParts.open(url("bob")),
    ]);

    await ann.close();
    await untilEnd(ofAnn);
    assert.ok(await ofBob.next());
    const closed = server.close();
    await untilEnd(ofBob);
    await closed;

    await bob.close();
  });
}

async function untilEnd(parts: PictureParts): Promise<void> {
  while (await parts.next() !== undefined);
}
