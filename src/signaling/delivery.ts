/**
 * What is said, on its way to whoever it is for: each message encoded once, to the sessions of its
 * receivers, or to those without a socket. The exchange has one.
 */
import {
  type ClientMessage,
  encode,
  type IceServer,
  type ServerMessage,
  type ServerMessageOf,
  type ServerMessageType,
} from "../protocol/mod.ts";
import type { Outbound, Participant } from "../rooms/mod.ts";
import type { TurnCredentials } from "../turn/port.ts";
import type { SignalingObserver } from "./observer.ts";
import { type SeatedConnection, Session } from "./session.ts";
import type { Sessions } from "./sessions.ts";
import type { SocketlessSeats } from "./socketless.ts";

/** What a delivery depends on. */
export type DeliveryOptions = {
  readonly sessions: Sessions;
  readonly socketless: SocketlessSeats;
  readonly observer: SignalingObserver;
  /** How long the seat of a lost connection is kept; `joined` tells it. */
  readonly resumeGraceMs: number;
  readonly iceServers: readonly IceServer[];
  /** Makes TURN credentials; `joined` brings them. Default none are made. */
  readonly turn?: TurnCredentials | undefined;
};

/** The way of every message out of the exchange. */
export class Delivery {
  readonly #options: DeliveryOptions;

  /** Nothing is kept between two messages. */
  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  /** Says `message` to one, whether it sits somewhere or not. */
  send(to: SeatedConnection | Session, message: ServerMessage): void {
    const encoded = encode(message);
    const session = to instanceof Session ? to : to.session;
    if (session !== undefined) session.deliver(encoded, undefined);
    else if (!(to instanceof Session)) to.queue(encoded);
    this.#options.observer.messageSent(message.type, 1);
  }

  /** Answers a request: every one with an id is answered once (rule ME4). */
  reply(
    to: SeatedConnection | Session,
    { requestId }: ClientMessage,
    reply: ServerMessage | undefined,
  ): void {
    if (requestId !== undefined) this.send(to, { ...(reply ?? { type: "ok" }), requestId });
    else if (reply !== undefined) this.send(to, reply);
  }

  /** Says everything in order, each to all it is for. */
  deliver(outbound: readonly Outbound[]): void {
    const { sessions, socketless, observer } = this.#options;
    for (const { to, message } of outbound) {
      if (to.length === 0) continue;
      if (message.type === "joined") {
        this.#admitted(to[0]!, message);
        continue;
      }
      const encoded = encode(message);
      const key = supersedingKey(message);
      for (const participant of to) {
        if (participant.isSocketless) socketless.hear(participant, message);
        else deliverTo(sessions.of(participant), encoded, { key, type: message.type });
      }
      observer.messageSent(message.type, to.length);
    }
  }

  /** `joined` with what is for its receiver alone: how to resume, and its credentials (RE1, IC1). */
  completed(session: Session, joined: ServerMessageOf<"joined">): ServerMessageOf<"joined"> {
    const { sessions, resumeGraceMs, iceServers, turn } = this.#options;
    const { room: { roomId }, participant: { userId } } = session.seat;
    const resumeToken = sessions.grantResume(session);
    return {
      ...joined,
      ...(resumeToken === undefined ? {} : { resumeToken, resumeGraceMs }),
      ...(turn === undefined
        ? {}
        : { iceServers: [...iceServers, turn.forParticipant({ roomId, userId })] }),
    };
  }

  /** Who waited in the lobby is in (rule LB4): its `joined` comes unasked, and begins its numbers. */
  #admitted(participant: Participant, joined: ServerMessageOf<"joined">): void {
    const { sessions, observer } = this.#options;
    const session = sessions.of(participant);
    if (session === undefined) return;
    session.connection?.queue(encode(this.completed(session, joined)));
    observer.messageSent(joined.type, 1);
  }
}

function deliverTo(
  session: Session | undefined,
  encoded: string,
  { key, type }: { key: string | undefined; type: ServerMessageType },
): void {
  // From now on it may send frames, and also what is on its way when nobody wants them any more.
  if (type === "relay-wanted" && session?.connection) session.connection.isFrameSource = true;
  session?.deliver(encoded, key);
}

/** What a newer message of the same key makes worthless (rule BP3). */
function supersedingKey(message: ServerMessage): string | undefined {
  switch (message.type) {
    case "stats-summary":
    case "active-speakers":
      return message.type;
    case "participant-updated":
      return `${message.state === undefined ? "connected" : "state"} ${message.userId}`;
    case "subscription-updated":
      return `${message.type} ${message.connection}`;
    case "wanted-layers":
      return `${message.type} ${message.trackId}`;
    default:
      return undefined;
  }
}
