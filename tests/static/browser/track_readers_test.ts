/** Reading a track until it is over, with a processor that hands over what a test gives it. */
import assert from "node:assert/strict";
import { readPictures } from "../../../static/browser/track_readers.ts";
import { waitUntil } from "../../support/wait_until.ts";

Deno.test("readPictures hands over each picture", async () => {
  using camera = new Camera();
  const taken: unknown[] = [];
  const end = readPictures(camera.track, (picture) => taken.push(picture));

  const pictures = [camera.show(), camera.show()];

  await waitUntil(() => taken.length === 2 ? undefined : `${taken.length} were taken`);
  assert.deepEqual(taken, pictures);
  assert.deepEqual(pictures.map(({ isClosed }) => isClosed), [false, false]);
  end();
  camera.show();
  await camera.untilStopped();
});

Deno.test("readPictures closes the picture that is on its way when it ends, and stops only then", async () => {
  using camera = new Camera();
  const end = readPictures(camera.track, () => assert.fail("nobody wants it any more"));

  end();
  assert.equal(camera.isStopped, false);
  const late = camera.show();

  await camera.untilStopped();
  assert.equal(late.isClosed, true);
});

Deno.test("readPictures stops a track that shows nothing", async () => {
  using camera = new Camera();

  readPictures(camera.track, () => assert.fail("there is no picture"))();

  await camera.untilStopped();
});

Deno.test("readPictures closes what comes while its track is off", async () => {
  using camera = new Camera();
  const end = readPictures(camera.track, () => assert.fail("it is off"));
  camera.track.enabled = false;

  const dark = camera.show();

  await waitUntil(() => dark.isClosed ? undefined : "it is open");
  end();
  camera.show();
  await camera.untilStopped();
});

/** A picture, as far as its reader touches it. */
class FakePicture {
  isClosed = false;

  close(): void {
    this.isClosed = true;
  }
}

/** A camera, and the processor of this page, which reads a clone of its track. */
class Camera implements Disposable {
  readonly track: MediaStreamTrack;
  isStopped = false;
  #controller: ReadableStreamDefaultController<FakePicture> | undefined;

  constructor() {
    const own = { enabled: true, stop: () => this.#stop() };
    // The reader takes no more of a track than this.
    this.track = { enabled: true, clone: () => own } as unknown as MediaStreamTrack;
    const readable = new ReadableStream<FakePicture>({
      start: (controller) => {
        this.#controller = controller;
      },
    }, { highWaterMark: 0 });
    Object.assign(globalThis, {
      MediaStreamTrackProcessor: class {
        readonly readable = readable;
      },
    });
  }

  /** The next picture. */
  show(): FakePicture {
    const picture = new FakePicture();
    this.#controller?.enqueue(picture);
    return picture;
  }

  /** Waits until the clone is stopped: the camera is free. */
  untilStopped(): Promise<void> {
    return waitUntil(() => this.isStopped ? undefined : "the track goes on");
  }

  [Symbol.dispose](): void {
    Reflect.deleteProperty(globalThis, "MediaStreamTrackProcessor");
  }

  #stop(): void {
    if (this.isStopped) return;
    this.isStopped = true;
    this.#controller?.close();
  }
}
