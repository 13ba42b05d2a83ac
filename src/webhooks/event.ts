/**
 * What an application is told: the body of a webhook, one schema a type. The types are read from the
 * schemas, and `GET /openapi.json` publishes them.
 */
import Type, { type Static } from "typebox";
import {
  LEAVE_REASONS,
  RoleSchema,
  RoomIdSchema,
  RoomKindSchema,
  UserIdSchema,
} from "../protocol/mod.ts";

const ofRoom = {
  id: Type.String({ description: "Unique; the same in every attempt and for every URL." }),
  at: Type.Integer({ description: "When it happened: milliseconds since the Unix epoch." }),
  roomId: RoomIdSchema,
  kind: RoomKindSchema,
  participants: Type.Integer({ minimum: 0, description: "How many are in the room after it." }),
  dropped: Type.Optional(Type.Integer({
    minimum: 1,
    description: "How many events were dropped right before this one, for this URL.",
  })),
};
const ofMember = {
  ...ofRoom,
  userId: UserIdSchema,
  name: Type.Optional(Type.String({ description: "Its name for people." })),
  role: RoleSchema,
};

/** The schema of each event, by its type. */
export const webhookEvents = {
  "room-started": Type.Object({ type: Type.Literal("room-started"), ...ofRoom }, {
    description: "A room came to be; its first participant-joined follows.",
  }),
  "participant-joined": Type.Object({
    type: Type.Literal("participant-joined"),
    ...ofMember,
    host: Type.Optional(Type.Literal(true, { description: "It may moderate the room." })),
  }, { description: "A stay began. Who waits in a lobby has not joined." }),
  "host-changed": Type.Object({ type: Type.Literal("host-changed"), ...ofMember }, {
    description: "The last host has left, and this participant is host now (rule HO3).",
  }),
  "participant-left": Type.Object({
    type: Type.Literal("participant-left"),
    ...ofMember,
    reason: Type.Union(LEAVE_REASONS.map((reason) => Type.Literal(reason)), {
      description: "As in user-left (rule LE4).",
    }),
  }, { description: "A stay ended. A lost connection whose seat is kept has not left." }),
  "room-ended": Type.Object({ type: Type.Literal("room-ended"), ...ofRoom }, {
    description: "The room is gone; its last participant-left came before.",
  }),
};

/** One event, as it is sent. */
export type WebhookEvent = Static<typeof webhookEvents[keyof typeof webhookEvents]>;

/** What happened, before it is given an id and a time. */
export type Occurrence = WithoutEnvelope<WebhookEvent>;

type WithoutEnvelope<T> = T extends unknown ? Omit<T, "id" | "at" | "dropped"> : never;
