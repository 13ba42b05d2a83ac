/**
 * What is received as MJPEG over HTTP, for players and pages that know no WebRTC: `/` lists who is
 * there, `/USER.mjpeg` is a stream (multipart/x-mixed-replace), `/USER.jpg` one picture. Decoded by
 * ffmpeg while somebody watches, and not otherwise. Of the loopback only.
 */
import type { Clock } from "../../../src/base/mod.ts";
import type { CodecName } from "../../../src/media/rtp/codecs.ts";
import type { RtpPacket } from "../../../src/media/rtp/packet.ts";
import type { Followed, TrackConsumer } from "./followed_tracks.ts";
import { JpegStream } from "./jpeg_stream.ts";

const BOUNDARY = "picture";
const FRAMES_PER_SECOND = 10;
/** A picture that has not come by then does not come. */
const PICTURE_MS = 10_000;
/** Somebody who does not read gets no further pictures until they do. */
const MAX_WAITING = 2;
/** The names of the loopback. */
const HOSTS = ["127.0.0.1", "localhost"];
/** Whoever watches at once. */
const MAX_WATCHERS = 32;

/** What the server is made with. */
export type MjpegServerOptions = {
  readonly port: number;
  readonly clock: Clock;
  readonly notice: (words: string) => void;
};

/** Somebody who watches. */
type Watcher = {
  readonly take: (jpeg: Uint8Array) => void;
  /** There is nothing more to be seen. */
  readonly end: () => void;
};
type Picture = {
  readonly followed: Followed;
  codec: CodecName | undefined;
  stream: JpegStream | undefined;
  readonly watchers: Set<Watcher>;
};

/** The server. */
export class MjpegServer implements TrackConsumer {
  readonly #options: MjpegServerOptions;
  readonly #pictures = new Map<Followed, Picture>();
  /** Streams that end. */
  readonly #ending = new Set<Promise<void>>();
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  /** Takes the port; throws what Deno does where it cannot be had. */
  constructor(options: MjpegServerOptions) {
    this.#options = options;
    this.#server = Deno.serve({
      ...{ port: options.port, hostname: "127.0.0.1" },
      onListen() {},
      handler: (request) => this.#answer(request),
    });
  }

  /** Where it is. */
  get address(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/`;
  }

  /** See TrackConsumer. */
  packet(of: Followed, codec: CodecName, packet: RtpPacket, at: number): void {
    if (codec === "opus") return;
    const picture = this.#pictures.get(of) ?? this.#add(of);
    picture.codec = codec;
    if (picture.stream !== undefined && picture.stream.codec !== codec) this.#restart(picture);
    picture.stream?.packet(packet, at);
  }

  /** See TrackConsumer. */
  senderReport(): void {}

  /** See TrackConsumer. */
  ended(of: Followed): void {
    const picture = this.#pictures.get(of);
    if (picture !== undefined) this.#over(picture);
    this.#pictures.delete(of);
  }

  /** Ends it, whoever watches. */
  async close(): Promise<void> {
    for (const picture of this.#pictures.values()) this.#over(picture);
    this.#pictures.clear();
    await Promise.all([this.#server.shutdown(), ...this.#ending]);
  }

  #add(followed: Followed): Picture {
    const picture: Picture = {
      ...{ followed, codec: undefined, stream: undefined, watchers: new Set<Watcher>() },
    };
    this.#pictures.set(followed, picture);
    return picture;
  }

  #answer(request: Request): Response | Promise<Response> {
    const { pathname, hostname } = new URL(request.url);
    // A page elsewhere may have its own name lead here, and would read what it gets.
    if (!HOSTS.includes(hostname)) return told(403, `Only ${HOSTS.join(" and ")} are known here`);
    if (request.method !== "GET") return told(405, "Only GET is known here");
    if (pathname === "/") return this.#index();
    const [, name = "", kind] = /^\/([^/]+)\.(mjpeg|jpg)$/.exec(pathname) ?? [];
    const picture = this.#find(name);
    if (picture === undefined) return told(404, "Nobody of that name shows a picture");
    const watching = [...this.#pictures.values()]
      .reduce((sum, { watchers }) => sum + watchers.size, 0);
    if (watching >= MAX_WATCHERS) return told(503, `${MAX_WATCHERS} watch already`);
    return kind === "jpg" ? this.#still(picture) : this.#moving(picture);
  }

  /** The camera of a participant; `USER.screen` is its screen. */
  #find(name: string): Picture | undefined {
    let wanted: string;
    try {
      wanted = decodeURIComponent(name);
    } catch {
      return undefined; // No name is written so.
    }
    return [...this.#pictures.values()].find(({ followed }) => nameOf(followed) === wanted);
  }

  #index(): Response {
    const items = [...this.#pictures.values()].map(({ followed }) => {
      const name = nameOf(followed); // Letters, digits, "_", "-" and ".": nothing to be escaped.
      const path = encodeURIComponent(name);
      return `<figure><a href="/${path}.mjpeg"><img src="/${path}.mjpeg" alt="${name}"></a>` +
        `<figcaption>${name} <a href="/${path}.jpg">.jpg</a></figcaption></figure>`;
    });
    const page = `<!doctype html><html lang="en"><meta charset="utf-8">` +
      `<meta name="viewport" content="width=device-width"><title>Signalbox participant</title>` +
      `<style>body{font:1rem system-ui;background:#111;color:#eee}figure{display:inline-block}` +
      `img{max-width:100%}a{color:#9cf}</style>` +
      `<h1>What is received</h1>${items.join("") || "<p>Nobody shows a picture.</p>"}</html>`;
    return new Response(page, { headers: { "content-type": "text/html; charset=utf-8" } });
  }

  #moving(picture: Picture): Response {
    const encoder = new TextEncoder();
    let watcher: Watcher;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        const take = (jpeg: Uint8Array) => {
          if ((controller.desiredSize ?? 0) < -MAX_WAITING) return;
          const head = `--${BOUNDARY}\r\ncontent-type: image/jpeg\r\n` +
            `content-length: ${jpeg.length}\r\n\r\n`;
          controller.enqueue(encoder.encode(head));
          controller.enqueue(jpeg);
          controller.enqueue(encoder.encode("\r\n"));
        };
        watcher = { take, end: () => controller.close() };
        this.#watch(picture, watcher);
      },
      cancel: () => this.#unwatch(picture, watcher),
    });
    return new Response(body, {
      headers: {
        "content-type": `multipart/x-mixed-replace; boundary=${BOUNDARY}`,
        "cache-control": "no-store",
      },
    });
  }

  async #still(picture: Picture): Promise<Response> {
    const { promise, resolve } = Promise.withResolvers<Uint8Array | undefined>();
    const cancel = this.#options.clock.after(PICTURE_MS, () => resolve(undefined));
    const watcher = { take: resolve, end: () => resolve(undefined) };
    this.#watch(picture, watcher);
    const jpeg = await promise;
    cancel();
    this.#unwatch(picture, watcher);
    if (jpeg === undefined) return told(503, "No picture has come in time");
    return new Response(Uint8Array.from(jpeg), {
      headers: { "content-type": "image/jpeg", "cache-control": "no-store" },
    });
  }

  #watch(picture: Picture, watcher: Watcher): void {
    picture.watchers.add(watcher);
    if (picture.stream === undefined) this.#restart(picture);
  }

  #unwatch(picture: Picture, watcher: Watcher): void {
    picture.watchers.delete(watcher);
    if (picture.watchers.size === 0) this.#end(picture);
  }

  /** Nothing comes of it any more: whoever watches has seen it all. */
  #over(picture: Picture): void {
    this.#end(picture);
    for (const watcher of picture.watchers) watcher.end();
    picture.watchers.clear();
  }

  #end(picture: Picture): void {
    const ending = picture.stream?.close().finally(() => this.#ending.delete(ending!));
    if (ending !== undefined) this.#ending.add(ending);
    picture.stream = undefined;
  }

  #restart(picture: Picture): void {
    this.#end(picture);
    const { codec, followed: { userId, wantKeyFrame } } = picture;
    if (codec === undefined) return;
    const stream: JpegStream = new JpegStream({
      ...{ codec, wantKeyFrame, framesPerSecond: FRAMES_PER_SECOND },
      picture: (jpeg) => {
        for (const watcher of [...picture.watchers]) watcher.take(jpeg);
      },
      ended: (why) => {
        if (picture.stream !== stream) return;
        picture.stream = undefined;
        this.#options.notice(`MJPEG of ${userId} has ended: ${why}`);
      },
    });
    picture.stream = stream;
  }
}

function nameOf({ userId, source }: Followed): string {
  return source === "screen" ? `${userId}.screen` : userId;
}

function told(status: number, words: string): Response {
  return new Response(`${words}\n`, { status });
}
