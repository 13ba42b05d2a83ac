/**
 * The shapes of what the server counts of a participant's media, for `media-stats` (rules MS1, MS2).
 * One JSON Schema each; the TypeScript types are read from the schemas.
 */
import Type, { type Static } from "typebox";
import { UserIdSchema } from "./ids.ts";
import { TrackIdSchema, TrackSourceSchema } from "./track_shapes.ts";

const CountSchema = Type.Integer({ minimum: 0 });
const KbpsSchema = Type.Number({ minimum: 0, description: "Kilobits of the last second." });

const counters = {
  packets: CountSchema,
  bytes: Type.Integer({ minimum: 0, description: "Payloads alone, without headers." }),
  lost: Type.Integer({ minimum: 0, description: "Packets that the receiving side missed." }),
  nacks: Type.Integer({ minimum: 0, description: "RFC 4585: requests for packets." }),
  plis: Type.Integer({ minimum: 0, description: "RFC 4585: requests for a key frame." }),
  retransmitted: Type.Integer({ minimum: 0, description: "RFC 4588: packets sent again." }),
};
const pixels = {
  height: Type.Integer({ minimum: 0, description: "Pixels; 0: sound, or not known yet." }),
};

/** One quality of a track, as it comes to the server. */
export const LayerCountersSchema = Type.Object({
  rid: Type.String({ description: "The a=rid; empty where there is but one quality." }),
  bitrateKbps: KbpsSchema,
  width: Type.Integer({ minimum: 0 }),
  ...pixels,
  ...counters,
});
/** One quality of a track, as it comes to the server. */
export type LayerCounters = Static<typeof LayerCountersSchema>;

/** A track of the receiver's own, as it comes to the server. */
export const PublishedCountersSchema = Type.Object({
  trackId: TrackIdSchema,
  source: TrackSourceSchema,
  codec: Type.String(),
  layers: Type.Array(LayerCountersSchema),
});
/** A track of the receiver's own, as it comes to the server. */
export type PublishedCounters = Static<typeof PublishedCountersSchema>;

/** A track of somebody else, as the server sends it to the receiver. */
export const ReceivedCountersSchema = Type.Object({
  trackId: TrackIdSchema,
  userId: UserIdSchema,
  source: TrackSourceSchema,
  rid: Type.String({ description: "The quality that is forwarded; empty while none is." }),
  ...pixels,
  paused: Type.Boolean({ description: "Nothing is forwarded now." }),
  bitrateKbps: KbpsSchema,
  roundTripMs: Type.Number({ minimum: 0, description: "0: not measured yet." }),
  ...counters,
});
/** A track of somebody else, as the server sends it to the receiver. */
export type ReceivedCounters = Static<typeof ReceivedCountersSchema>;
