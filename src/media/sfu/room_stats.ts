/** The media of a room in numbers, as `port.ts` shows them: reads what the SFU counts, changes nothing. */
import type { UserId } from "../../protocol/mod.ts";
import type {
  MediaRoomStats,
  PublicationStats,
  StreamCounters,
  SubscriptionStats,
} from "../port.ts";
import type { Layer } from "./layer.ts";
import type { Member } from "./member.ts";
import type { Publication } from "./publication.ts";
import type { Slot } from "./slot.ts";

/** What goes through for `members`, who may be a room's or some of them. */
export function mediaStats(members: readonly Member[]): MediaRoomStats {
  return {
    publications: members.flatMap((member) =>
      member.publications.map((one) => publicationStats(one))
    ),
    subscriptions: members.flatMap(({ userId, receiver }) =>
      receiver.downlink.slots.flatMap((slot) => subscriptionStats(userId, slot))
    ),
    estimates: members.map(({ userId, receiver }) => ({
      userId,
      bitrate: receiver.downlink.bandwidth.estimate,
    })),
  };
}

/** What a publication sends, layer by layer. */
function publicationStats(publication: Publication): PublicationStats {
  const { userId, view, codec, layers } = publication;
  return {
    ...view,
    userId,
    codec,
    layers: layers.map((layer) => ({
      rid: layer.rid,
      bitrateKbps: toKbps(layer.meter.bitrate),
      width: layer.width,
      height: layer.height,
      ...layerCounters(layer),
    })),
  };
}

/** What a slot carries to `userId`; nothing while it is free. */
function subscriptionStats(userId: UserId, slot: Slot): SubscriptionStats[] {
  const { publication, layer } = slot;
  if (publication === undefined) return [];
  return [{
    ...publication.view,
    userId,
    from: publication.userId,
    rid: layer?.rid ?? "",
    height: layer?.height ?? 0,
    isPaused: layer === undefined,
    bitrateKbps: toKbps(slot.meter.bitrate),
    roundTripMs: Math.round(slot.roundTripMs * 10) / 10,
    ...slotCounters(slot),
  }];
}

/** What came of a layer. */
export function layerCounters(layer: Layer): StreamCounters {
  const { reception, meter, nacks, plis, retransmitted } = layer;
  const { received: packets, lost } = reception;
  return { packets, bytes: meter.bytes, lost, nacks, plis, retransmitted };
}

/** What went out over a slot. */
export function slotCounters(slot: Slot): StreamCounters {
  const { packets, meter, lost, nacks, plis, retransmitted } = slot;
  return { packets, bytes: meter.bytes, lost, nacks, plis, retransmitted };
}

function toKbps(bitrate: number): number {
  return Math.round(bitrate / 1_000);
}
