/**
 * A process that forwards media, driven over HTTP by `load.ts`: `POST /publish` takes an offer and
 * gives an answer, `POST /subscribe/N` gives an offer, `POST /answer/N` takes its answer. Prints its
 * port and its process. `--kind ours` runs the SFU; `--kind bare` passes each packet on with another SSRC and nothing
 * else, which is what the engine costs alone.
 */
import { parseArgs } from "node:util";
import { silentLogger, systemClock } from "../../../src/base/mod.ts";
import type { RoomId, UserId } from "../../../src/protocol/mod.ts";
import { makeCertificate } from "../../../src/media/child/certificate.ts";
import { NativeTransports } from "../../../src/media/child/native.ts";
import { isRtcp } from "../../../src/media/rtp/packet.ts";
import { parseDescription, remoteParametersOf } from "../../../src/media/sdp/description.ts";
import { answerPublisher } from "../../../src/media/sdp/publisher_answer.ts";
import { offerSubscriber, readSubscriberAnswer } from "../../../src/media/sdp/subscriber_offer.ts";
import { createIceParameters } from "../../../src/media/sfu/credentials.ts";
import { SfuRoom } from "../../../src/media/sfu/room.ts";
import type { Transport, TransportEvents } from "../../../src/media/sfu/transport.ts";
import { print, say } from "../output.ts";

/** What a kind of forwarder does with the three requests. */
interface Forwarder {
  publish(sdp: string): string;
  subscribe(user: string): Promise<string>;
  answer(user: string, sdp: string): void;
}

const PUBLISHER = "publisher" as UserId; // A good user id.

async function main(args: readonly string[]): Promise<void> {
  const { values: { kind, port } } = parseArgs({
    args: [...args],
    options: {
      kind: { type: "string", default: "ours" },
      port: { type: "string", default: "50900" },
    },
  });
  const transports = await NativeTransports.open({
    port: Number(port),
    bindAddress: "127.0.0.1",
    certificate: await makeCertificate(),
    candidates: [{ address: "127.0.0.1", port: Number(port), priority: 2_130_706_431 }],
    log: { ...silentLogger, error: (message, fields) => say(`${message} ${Deno.inspect(fields)}`) },
  });
  const forwarder = kind === "bare" ? new Bare(transports) : new Ours(transports);
  Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    onListen: ({ port }) => print(`${port} ${Deno.pid}`),
  }, async (request) => {
    const [, what, user = ""] = new URL(request.url).pathname.split("/");
    const sdp = await request.text();
    if (what === "publish") return new Response(forwarder.publish(sdp));
    if (what === "subscribe") return new Response(await forwarder.subscribe(user));
    forwarder.answer(user, sdp);
    return new Response();
  });
}

/** The SFU, as the media process runs it. */
class Ours implements Forwarder {
  readonly #room: SfuRoom;
  readonly #offered = new Map<string, PromiseWithResolvers<{ connection: number; sdp: string }>>();

  constructor(transports: NativeTransports) {
    const nothing = () => {};
    this.#room = new SfuRoom({
      roomId: "bench" as RoomId, // A good room id.
      clock: systemClock,
      transports,
      lastN: 16,
      events: {
        published: nothing,
        unpublished: nothing,
        subscriptionOffered: (userId, offer) => this.#offered.get(userId)?.resolve(offer),
        subscriptionUpdated: nothing,
        speakersChanged: nothing,
        layersWanted: nothing,
        connectionLost: (userId, channel) => say(`lost ${userId} ${channel}`),
        restarted: nothing,
        recordingEnded: nothing,
      },
    });
    this.#room.addParticipant(PUBLISHER);
  }

  publish(sdp: string): string {
    return this.#room.publish(PUBLISHER, { sdp, tracks: [{ mid: "0", source: "camera" }] }).sdp;
  }

  async subscribe(user: string): Promise<string> {
    const offered = Promise.withResolvers<{ connection: number; sdp: string }>();
    this.#offered.set(user, offered);
    this.#room.addParticipant(user as UserId); // `load.ts` makes good ones.
    return (await offered.promise).sdp;
  }

  answer(user: string, sdp: string): void {
    this.#room.answer(user as UserId, { connection: 1, sdp }); // See above.
  }
}

/** The engine, and four bytes a packet. */
class Bare implements Forwarder {
  readonly #transports: NativeTransports;
  readonly #receivers: { readonly transport: Transport; readonly ssrc: number }[] = [];
  readonly #ice = new Map<string, ReturnType<typeof createIceParameters>>();

  constructor(transports: NativeTransports) {
    this.#transports = transports;
  }

  publish(sdp: string): string {
    const offer = parseDescription(sdp);
    const ice = createIceParameters();
    this.#transports.create({ local: ice, remote: remoteParametersOf(offer), hasData: false }, {
      ...quiet,
      packet: (bytes) => this.#forward(bytes),
    });
    return answerPublisher({ offer, local: this.#local(ice), version: 1 }).sdp;
  }

  subscribe(user: string): Promise<string> {
    const ice = createIceParameters();
    this.#ice.set(user, ice);
    const section = { kind: "video", mid: "v0", ssrc: 7, streamId: "s", trackId: "t" } as const;
    const sections = [{ ...section, cname: "c" }];
    return Promise.resolve(
      offerSubscriber({ local: this.#local(ice), version: 1, sections }),
    );
  }

  answer(user: string, sdp: string): void {
    const { remote } = readSubscriberAnswer(sdp, ["v0"]);
    const local = this.#ice.get(user)!; // It was offered before.
    const transport = this.#transports.create({ local, remote, hasData: false }, quiet);
    this.#receivers.push({ transport, ssrc: this.#receivers.length + 1_000 });
  }

  #forward(bytes: Uint8Array): void {
    if (isRtcp(bytes)) return;
    for (const { transport, ssrc } of this.#receivers) {
      bytes[10] = ssrc >> 8;
      bytes[11] = ssrc;
      transport.send(bytes);
    }
  }

  #local(ice: ReturnType<typeof createIceParameters>) {
    const { fingerprint, candidates } = this.#transports;
    return { ice, fingerprint, candidates };
  }
}

const quiet: TransportEvents = {
  opened() {},
  packet() {},
  message() {},
  drained() {},
  closed() {},
};

await main(Deno.args); // Last: the classes above are not there before.
