/** A room of media over transports of memory, with a log of what it told. */
import assert from "node:assert/strict";
import type { PublishedMedia, RoomId, UserId } from "../../../src/protocol/mod.ts";
import type { SubscriptionOffer } from "../../../src/media/port.ts";
import { buildRtpPacket, isRtcp, RtpPacket } from "../../../src/media/rtp/packet.ts";
import { SfuRoom } from "../../../src/media/sfu/room.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { answerTo, OFFERED, type OfferedMedia, offerOf } from "./descriptions.ts";
import { type MemoryTransport, MemoryTransports } from "./memory_transport.ts";

/** Behind the payload descriptor: a VP8 key frame of 640 x 360, or another. */
export const KEY = new Uint8Array([0x10, 0, 0, 0, 0x9d, 0x01, 0x2a, 0x80, 2, 0x68, 1]);
/** A VP8 picture that is no key frame. */
export const DELTA = new Uint8Array([0x10, 1, 0, 0]);
/** Its m-line. */
export const MICROPHONE: OfferedMedia = { mid: "0", kind: "audio", ssrc: 500 };
/** Its m-line. */
export const CAMERA: OfferedMedia = { mid: "1", kind: "video", ssrc: 600, rtxSsrc: 601 };
/** Both of them carry something. */
export const PERSON: PublishedMedia[] = [{ mid: "0", source: "microphone" }, {
  mid: "1",
  source: "camera",
}];

/** The user id. */
export const id = (text: string): UserId => text as UserId; // Good user ids all.

/** The room and the hands of those in it. */
export class RoomBench {
  readonly clock = new FakeClock();
  readonly transports = new MemoryTransports();
  readonly log: string[] = [];
  readonly offers = new Map<UserId, SubscriptionOffer>();
  readonly room: SfuRoom;

  constructor() {
    const { log } = this;
    this.room = new SfuRoom({
      roomId: "test" as RoomId, // A good room id.
      clock: this.clock,
      transports: this.transports,
      lastN: 16,
      events: {
        published: (userId, { trackId, source }) => log.push(`${userId}+${trackId} ${source}`),
        unpublished: (userId, { trackId }) => log.push(`${userId}-${trackId}`),
        subscriptionOffered: (userId, offer) => {
          this.offers.set(userId, offer);
          log.push(`offer ${userId} ${offer.connection} ${told(offer)}`);
        },
        subscriptionUpdated: (userId, update) => log.push(`update ${userId} ${told(update)}`),
        speakersChanged: (speakers) =>
          log.push(`speakers ${speakers.map(({ userId }) => userId).join(" ")}`),
        layersWanted: (userId, { trackId, maxHeight }) =>
          log.push(`wanted ${userId} ${trackId} ${maxHeight}`),
        connectionLost: (userId, channel) => log.push(`lost ${userId} ${channel}`),
        restarted: () => log.push("restarted"),
        recordingEnded: () => log.push("recording ended"),
      },
    });
  }

  join(...users: string[]): void {
    for (const user of users) this.room.addParticipant(id(user));
  }

  publish(user: string, media = [MICROPHONE, CAMERA], tracks = PERSON): MemoryTransport {
    this.room.publish(id(user), { sdp: offerOf(`pub${user}`, media), tracks });
    const transport = this.transports.to(`pub${user}`);
    if (!transport.isOpen) transport.open();
    return transport;
  }

  answer(user: string): MemoryTransport {
    const { connection, sdp } = this.offers.get(id(user))!;
    this.room.answer(id(user), { connection, sdp: answerTo(sdp, `sub${user}`) });
    const transport = this.transports.to(`sub${user}`);
    if (!transport.isOpen) transport.open();
    return transport;
  }

  taken(): string[] {
    return this.log.splice(0);
  }
}

function told({ tracks }: Omit<SubscriptionOffer, "sdp" | "connection">): string {
  return tracks.map(({ mid, userId, source }) => `${mid}=${userId}/${source}`).join(" ");
}

/** A packet of CAMERA. */
export function picture(n: number, payload: Uint8Array = DELTA): Uint8Array {
  const fields = { ssrc: 600, payloadType: OFFERED.vp8, sequenceNumber: n, timestamp: n * 3_000 };
  return buildRtpPacket({ ...fields, payload });
}

/** A packet of MICROPHONE, `level` as in RFC 6464. */
export function sound(n: number, level = 127): Uint8Array {
  return buildRtpPacket({
    ssrc: 500,
    payloadType: OFFERED.opus,
    sequenceNumber: n,
    timestamp: n * 960,
    payload: new Uint8Array([n]),
    extensions: [{
      id: OFFERED.extensions.audioLevel,
      bytes: new Uint8Array([level < 127 ? 0x80 | level : level]),
    }],
  });
}

/** The media that came since the last call. */
export function media({ sent }: MemoryTransport): RtpPacket[] {
  return sent.splice(0).filter((bytes) => !isRtcp(bytes)).map((bytes) => {
    const packet = new RtpPacket();
    assert.ok(packet.read(bytes));
    return packet;
  });
}
