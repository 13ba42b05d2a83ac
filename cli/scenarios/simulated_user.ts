/**
 * One user of the simulation: connects, joins, chats, leaves or drops, as the steps tell it, and
 * notes what it does where its witness notes what it sees. Owns its connection.
 */
import type { Clock } from "../../src/base/mod.ts";
import { ConnectError, Connection, type ConnectionEnd } from "../client.ts";
import type { InjectedFaults } from "../faults/injected_faults.ts";
import type { MediaRun } from "../media/media_run.ts";
import type { MeshMediaRun, MeshMediaUser } from "../media/mesh/mesh_media_run.ts";
import type { MediaRequest, MediaUser } from "../media/media_user.ts";
import type { FrameTracer } from "../trace/frame_trace.ts";
import {
  type Answer,
  type RelayExpectation,
  type RequestType,
  type RunRecord,
  type Stay,
  Witness,
} from "../verify/mod.ts";
import type { SimulatedRoom } from "./simulated_room.ts";

/** What all users of a run share. */
export type UserContext = {
  readonly url: string;
  readonly clock: Clock;
  readonly run: RunRecord;
  readonly timeoutMs: number;
  /** They join so that they may resume. */
  readonly isResumable: boolean;
  /** Hears the frames of each user. */
  readonly trace: FrameTracer;
  /** The faults on the connections of the run, if any. */
  readonly faults: InjectedFaults | undefined;
  /** The media of the run; default: there are none. */
  readonly media?: MediaRun | undefined;
  /** The same, from each to each. */
  readonly meshMedia?: MeshMediaRun | undefined;
};

/** A user of the simulation. */
export class SimulatedUser {
  /** Its room. */
  readonly room: SimulatedRoom;
  /** Its eyes. */
  readonly witness: Witness;
  /** What it sends and receives over the server's media plane; undefined: nothing. */
  readonly media: MediaUser | undefined;
  /** What it sends to the others, and receives of them, without the server. */
  readonly meshMedia: MeshMediaUser | undefined;
  #giveUp: () => void = () => {};
  readonly #context: UserContext;
  #connection: Connection | undefined;
  #chatsSent = 0;
  /** An injected fault lets nothing pass any more, and the server may not know yet. */
  #isSilent = false;

  constructor(userId: string, room: SimulatedRoom, context: UserContext) {
    this.room = room;
    this.#context = context;
    const witness = this.witness = new Witness(userId, room.history, context.run);
    room.witnesses.push(witness);
    const { roomId } = room.history;
    this.media = context.media?.add({ userId, roomId, members: room.members }, {
      ask: (message) => this.#askForMedia(message),
      complain: (rule, { message, expected, seen }) =>
        witness.report(rule, message, expected, seen),
    });
    this.meshMedia = context.meshMedia?.add({ userId, roomId }, {
      relay: (message) => this.#relayMedia(message),
      complain: (rule, { message, expected, seen }) =>
        witness.report(rule, message, expected, seen),
    });
  }

  /** Its id. */
  get userId(): string {
    return this.witness.userId;
  }

  /** Its stay, while it is in the room. */
  get stay(): Stay | undefined {
    const { stay } = this.witness;
    return stay?.roster !== undefined && stay.ending === "open" ? stay : undefined;
  }

  /** Whether it can send. */
  get isConnected(): boolean {
    return !this.#isSilent && (this.#connection?.isOpen ?? false);
  }

  /**
   * Connects and waits for `welcome`; the latency counts from `dueAt`. Rejects with
   * {@linkcode ConnectError}; but where an injected fault was in the way it resolves, and the user is
   * not connected.
   */
  async connect(dueAt: number = this.#context.clock.elapsed()): Promise<void> {
    const { faults } = this.#context;
    this.#isSilent = false;
    faults?.watch(this.userId, () => this.#silence());
    try {
      await this.#connect(faults?.urlFor(this.userId) ?? this.#context.url, dueAt);
    } catch (error) {
      if (!(error instanceof ConnectError) || faults?.hasEnded(this.userId) !== true) throw error;
    }
  }

  async #connect(url: string, dueAt: number): Promise<void> {
    const { clock, run, timeoutMs, trace } = this.#context;
    const { promise: welcomed, resolve, reject } = Promise.withResolvers<void>();
    this.witness.beginConnection(dueAt);
    this.witness.onWelcome = resolve;
    let frameAt = 0;
    const connection = await Connection.connect(url, {
      timeoutMs,
      trace: trace(this.userId),
      unpack: this.room.unpack,
      onFrame: () => frameAt = clock.elapsed(),
      onMessage: (message) => {
        if (this.#isSilent) return;
        // First, because the witness tells who waits for an answer that it has come.
        this.media?.receive(message);
        this.witness.receive(message, frameAt);
        this.meshMedia?.receive(message);
      },
      onMalformed: (frame) =>
        this.witness.report("CO6", "a frame", "JSON text", frame.slice(0, 80)),
      onEnd: (end) => {
        reject(new ConnectError(`it closed the connection with ${describeEnd(end)}`));
        this.#ended(end);
      },
    });
    this.#connection = connection;
    this.#giveUp = () => reject(new ConnectError("a fault was injected"));
    if (this.#isSilent) this.#giveUp(); // It struck the welcome already.
    run.tally.add("CO1");
    run.tally.add("CO3");
    const cancel = clock.after(timeoutMs, () => reject(new ConnectError("it sent no welcome")));
    try {
      await welcomed;
    } finally {
      cancel();
    }
  }

  /** Joins its room; the answer, or undefined when none came in time. */
  async join(
    step: number,
    { tolerated = "", dueAt }: { tolerated?: string; dueAt?: number | undefined } = {},
  ): Promise<Answer | undefined> {
    if (!this.isConnected) return undefined;
    const { witness, room } = this;
    const stay = room.history.addStay(this.userId, step);
    witness.stay = stay;
    const { roomId } = room.history;
    const resumable = this.#context.isResumable ? { resumable: true } : {};
    const sfu = this.media === undefined ? {} : { sfu: true };
    const answer = await this.#request(
      { type: "join", roomId, userId: this.userId, name: stay.name, ...resumable, ...sfu },
      { step, tolerated, dueAt },
    );
    if (answer?.isOk) room.liveCount++;
    return answer;
  }

  /** Sends one chat message, which was due at `dueAt`; its copy is the answer. */
  chat(phrase: string, step: number, dueAt: number = this.#context.clock.elapsed()): void {
    const { stay, room } = this;
    if (stay === undefined) return;
    const text = `${phrase} (${this.userId}, ${++this.#chatsSent})`;
    const chat = room.history.addChat(stay, text, { step, sentAt: dueAt });
    room.countChat(step, 1);
    const requestId = this.witness.requests.add({
      type: "chat",
      sentAt: dueAt,
      step,
      chat,
      settle: ({ isOk }) => {
        if (!isOk) room.countChat(step, -1);
      },
    });
    this.#send({ type: "chat", text, requestId });
  }

  /** Sends `other` an offer, an answer or a candidate, as browsers do (rule RL1). */
  relay(
    other: SimulatedUser,
    what: Omit<RelayExpectation, "from" | "sentAt"> & { readonly dueAt?: number },
  ): void {
    const { type, body, step, dueAt: sentAt = this.#context.clock.elapsed(), onArrival } = what;
    other.witness.relays.expect({ type, body, step, sentAt, onArrival, from: this.userId });
    const to = other.userId;
    if (type === "ice-candidate") {
      const candidate = body === null ? null : { candidate: body, sdpMid: "0", sdpMLineIndex: 0 };
      return this.#send({ type, to, candidate });
    }
    const requestId = this.witness.requests.add({ type, sentAt, step, settle: () => {} });
    this.#send({ type, to, description: { type, sdp: body }, requestId });
  }

  /** Leaves by `leave`. */
  async leave(step: number): Promise<Answer | undefined> {
    this.#endStay("left", step);
    if (!this.isConnected) return undefined;
    return await this.#request({ type: "leave" }, { step });
  }

  /**
   * Leaves by dropping its socket. Who may resume would keep its seat that way, and ends the
   * connection in order instead (rules RE3, LE7).
   */
  async drop(step: number): Promise<void> {
    this.#endStay("dropped", step);
    this.witness.stay = undefined;
    if (this.#context.isResumable) await this.#closeInTime();
    else await this.#connection?.drop();
  }

  /** Loses its connection; the seat waits for {@linkcode resume} (rule RE3). */
  async lose(): Promise<void> {
    await this.#connection?.drop();
  }

  /**
   * Takes its seat again on a new connection, which was due at `dueAt` (rule RE4); the answer, or
   * undefined when none came in time. Rejects with {@linkcode ConnectError}.
   */
  async resume(step: number, dueAt: number): Promise<Answer | undefined> {
    await this.connect(dueAt);
    const { resumeToken = "", lastSeq } = this.witness.seats;
    return await this.#request({ type: "resume", resumeToken, lastSeq }, { step, dueAt });
  }

  /** Ends the connection, politely, and the run for this user: `endStep` is as far as it looked. */
  async finish(endStep: number): Promise<void> {
    this.media?.close();
    this.meshMedia?.close();
    const { stay, requests } = this.witness;
    if (stay?.endStep === Infinity) stay.endStep = endStep;
    for (const { type, from, step } of this.witness.relays.clear()) {
      if (step < endStep) this.witness.report("RL1", `${type} of "${from}"`, "exactly one", "none");
    }
    for (const request of requests.clear()) {
      if (request.step >= endStep) continue;
      const what = request.chat === undefined ? request.type : `chat "${request.chat.text}"`;
      this.witness.report("ME4", what, "exactly one answer", "none");
    }
    if (this.#isSilent) await this.#connection?.drop();
    else if (this.isConnected) await this.#closeInTime();
  }

  async #closeInTime(): Promise<void> {
    const connection = this.#connection!;
    const cancel = this.#context.clock.after(CLOSE_TIMEOUT_MS, () => void connection.drop());
    await connection.close();
    cancel();
  }

  #endStay(ending: "left" | "dropped", step: number): void {
    const { stay } = this;
    if (stay === undefined) return;
    stay.ending = ending;
    stay.endStep = step;
    this.room.liveCount--;
  }

  /** Sends what a link says to another one of the room, who has to get it as it is (rule RL1). */
  #relayMedia(message: Readonly<Record<string, unknown>>): boolean {
    const { type, to } = message;
    const other = this.room.witnesses.find(({ userId }) => userId === to);
    const { stay } = this;
    if (!this.isConnected || stay === undefined || other === undefined) return false;
    const sentAt = this.#context.clock.elapsed();
    const from = this.userId;
    const { description, candidate } = fieldsOfLink(message);
    const step = stay.joinStep;
    if (type === "ice-candidate") {
      other.relays.expect({ type, body: candidate, step, sentAt, from });
      this.#send(message);
      return true;
    }
    if (type !== "offer" && type !== "answer") return false;
    other.relays.expect({ type, body: description, step, sentAt, from });
    const requestId = this.witness.requests.add({ type, sentAt, step, settle: () => {} });
    this.#send({ ...message, requestId });
    return true;
  }

  async #askForMedia(message: MediaRequest): Promise<Answer | undefined> {
    const { stay } = this;
    if (stay === undefined || !this.isConnected) return undefined;
    return await this.#request(message, { step: stay.joinStep });
  }

  #request(
    message: { type: RequestType; [field: string]: unknown },
    { step, tolerated, dueAt }: { step: number; tolerated?: string; dueAt?: number | undefined },
  ): Promise<Answer | undefined> {
    const { clock, timeoutMs } = this.#context;
    const { promise, resolve } = Promise.withResolvers<Answer | undefined>();
    const cancel = clock.after(timeoutMs, () => resolve(undefined));
    const requestId = this.witness.requests.add({
      type: message.type,
      sentAt: dueAt ?? clock.elapsed(),
      step,
      ...(tolerated ? { tolerated } : {}),
      settle: (answer) => {
        cancel();
        resolve(answer);
      },
    });
    this.#send({ ...message, requestId });
    return promise;
  }

  #send(message: object): void {
    this.#context.run.sent++;
    this.#connection?.send(message);
  }

  /** An injected fault lets nothing pass any more. */
  #silence(): void {
    this.#isSilent = true;
    this.#lose();
    this.#giveUp();
  }

  /** The stay is over by an injected fault; of what was asked nobody knows whether it arrived. */
  #lose(): void {
    const { witness, stay, room } = this;
    if (stay !== undefined) room.liveCount--;
    if (witness.stay !== undefined) {
      witness.stay.ending = witness.stay.ending === "left" ? "cut-leaving" : "cut";
      witness.stay.endStep = LOST_STEP;
      room.ghosts.push(witness.stay);
    }
    witness.stay = undefined;
    for (const request of witness.requests.clear()) {
      request.settle({ isOk: false, code: "connection-ended" });
      if (request.chat !== undefined) room.doubt(request.chat);
    }
  }

  /** The connection is gone; unless this user or a fault dropped it, the server is at fault. */
  #ended(end: ConnectionEnd): void {
    const { witness, stay } = this;
    if (!end.isOwn && this.#context.faults?.hasEnded(this.userId) === true) return this.#lose();
    if (!end.isOwn) {
      witness.report("CO9", "the connection", "to stay open", describeEnd(end));
      if (stay !== undefined) {
        stay.ending = "lost";
        stay.endStep = LOST_STEP;
        this.room.liveCount--;
      }
      witness.stay = undefined;
    }
    for (const request of witness.requests.clear()) {
      request.settle({ isOk: false, code: "connection-ended" });
    }
  }
}

/** A polite close that is not answered by then becomes a drop. */
const CLOSE_TIMEOUT_MS = 2_000;
/** A stay that the server ended had to see nothing for certain: it ended before every step. */
const LOST_STEP = 0;

/** What a link says, as the ledger compares it. */
function fieldsOfLink(
  message: Readonly<Record<string, unknown>>,
): { readonly description: string; readonly candidate: string | null } {
  const { sdp = "" }: { sdp?: unknown } = { ...message.description as object | undefined };
  const { candidate = null }: { candidate?: unknown } = { ...message.candidate as object | null };
  return {
    description: `${sdp}`,
    candidate: typeof candidate === "string" ? candidate : null,
  };
}

function describeEnd({ code, reason }: ConnectionEnd): string {
  return reason === "" ? `code ${code}` : `code ${code} "${reason}"`;
}
