/**
 * Ways in which a server can be wrong, one message at a time. `faulty_server.ts` injects one of them
 * into the traffic of a correct server; the harness must find each.
 */

/** A decoded message. */
export type Message = Record<string, unknown>;
/** A connection behind the faulty server, by what it was told. */
export type Receiver = {
  userId: string;
  roomId: string;
  /** A message that a fault keeps back. */
  held: Message | undefined;
};
/** A message for a receiver. */
export type Delivery = { to: Receiver; message: Message };
/**
 * What becomes of `message` for `to`, once: the deliveries, or undefined when the fault does not fit
 * here. `all` are the receivers in a room.
 */
export type Fault = (
  message: Message,
  to: Receiver,
  all: readonly Receiver[],
) => Delivery[] | undefined;

/** Every fault by its name. */
export const faults: Readonly<Record<string, Fault>> = {
  "drop-user-left": (message) => message.type === "user-left" ? [] : undefined,
  "drop-user-joined": (message) => message.type === "user-joined" ? [] : undefined,
  "leak-user-joined": (message, to, all) => {
    const stranger = all.find(({ roomId }) => roomId !== to.roomId);
    if (message.type !== "user-joined" || stranger === undefined) return undefined;
    return [{ to, message }, { to: stranger, message }];
  },
  "leak-chat": (message, to, all) => {
    const stranger = all.find(({ roomId }) => roomId !== to.roomId);
    if (!isOthersChat(message, to) || stranger === undefined) return undefined;
    return [{ to, message }, { to: stranger, message }];
  },
  "duplicate-user-joined": (message, to) =>
    message.type === "user-joined" ? twice(to, message) : undefined,
  "duplicate-user-left": (message, to) =>
    message.type === "user-left" ? twice(to, message) : undefined,
  "duplicate-chat": (message, to) => isOthersChat(message, to) ? twice(to, message) : undefined,
  "reorder": (message, to, all) => {
    const isAnother = all.some((other) => other !== to && other.held !== undefined);
    if (!isOthersChat(message, to) || isAnother) return undefined;
    const first = to.held;
    if (first === undefined) {
      to.held = message;
      return undefined;
    }
    return [{ to, message }, { to, message: first }];
  },
  "lose-chat": (message, to) => isOthersChat(message, to) ? [] : undefined,
  "alter-chat": (message, to) =>
    isOthersChat(message, to) ? [{ to, message: { ...message, text: "Altered" } }] : undefined,
  "wrong-sender": (message, to) =>
    isOthersChat(message, to) ? [{ to, message: { ...message, from: to.userId } }] : undefined,
  "wrong-message-id": (message, to) =>
    isOthersChat(message, to) ? [{ to, message: { ...message, messageId: "x" } }] : undefined,
  "wrong-reason": (message, to) =>
    message.type === "user-left"
      ? [{ to, message: { ...message, reason: "slow-consumer" } }]
      : undefined,
  "wrong-room-id": (message, to) =>
    message.type === "user-joined"
      ? [{ to, message: { ...message, roomId: "elsewhere" } }]
      : undefined,
  "tell-oneself": (message, to) =>
    message.type === "user-joined"
      ? [{ to, message }, { to, message: ownJoin(message, to) }]
      : undefined,
  "short-roster": (message, to) => {
    const { type, users, participants } = message;
    if (type !== "joined" || !Array.isArray(users) || !Array.isArray(participants)) {
      return undefined;
    }
    if (users.length < 2) return undefined;
    const roster = { users: users.slice(1), participants: participants.slice(1) };
    return [{ to, message: { ...message, ...roster } }];
  },
  "shuffled-roster": (message, to) => {
    const { type, users, participants } = message;
    if (type !== "joined" || !Array.isArray(users) || !Array.isArray(participants)) {
      return undefined;
    }
    if (users.length < 2) return undefined;
    const roster = { users: users.toReversed(), participants: participants.toReversed() };
    return [{ to, message: { ...message, ...roster } }];
  },
  "ignore-leave": (message) => message.type === "leaved" ? [] : undefined,
  "answer-twice": (message, to) => message.type === "leaved" ? twice(to, message) : undefined,
  "no-welcome": (message, to) =>
    message.type === "welcome" ? [{ to, message: { type: "hello" } }] : undefined,
  "nonsense": (message, to) =>
    message.type === "user-joined"
      ? [{ to, message }, { to, message: { type: 7 } }, { to, message: { type: "user-left" } }]
      : undefined,
};

/** Faults of the API rather than of a message; the server handles them itself. */
export const GHOST_ROOM = "ghost-room";

function isOthersChat({ type, from }: Message, to: Receiver): boolean {
  return type === "chat" && from !== to.userId;
}

function twice(to: Receiver, message: Message): Delivery[] {
  return [{ to, message }, { to, message }];
}

function ownJoin(message: Message, { userId }: Receiver): Message {
  return { ...message, userId, participant: { ...message.participant as Message, userId } };
}
