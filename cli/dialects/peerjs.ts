/**
 * PeerServer, the signaling server of PeerJS, as a dialect: a client is an id, and OFFER, ANSWER and
 * CANDIDATE go from one id to another. It has no rooms, and tells nobody who comes or goes.
 */
import type { ClientOptions, Dialect, DialectClient, DialectEvent, Outcome } from "./dialect.ts";
import { Endpoint, parse } from "./endpoint.ts";

const OPENED = "opened";
const BARRIER = "barrier";

type Fields = Readonly<Record<string, unknown>>;

/** The adapter. `--url` names the server with its path, e.g. http://127.0.0.1:9000/ */
export const peerjs: Dialect = {
  lacks: {
    rooms: "PeerServer has no rooms: an id speaks to an id",
    departures: "PeerServer tells nobody who goes: peers find out by their own connections",
  },
  // The bound of `ws` unless set: 100 MiB. Only the header of such a frame is sent.
  oversizedBytes: 100 * 1_024 * 1_024 + 1,
  socketUrl: (url, id) => {
    const socketUrl = new URL(url);
    socketUrl.protocol = socketUrl.protocol.replace("http", "ws");
    socketUrl.pathname = `${socketUrl.pathname.replace(/\/+$/, "")}/peerjs`;
    // A token is what tells the owner of an id from others; each client has one of its own.
    const query = { key: "peerjs", id, token: crypto.randomUUID() };
    socketUrl.search = `?${new URLSearchParams(query)}`;
    return socketUrl.href;
  },
  open: (options) => PeerClient.open(options),
};

class PeerClient implements DialectClient {
  readonly id: string;
  readonly #endpoint: Endpoint;
  #requests = 0;

  private constructor(id: string, endpoint: Endpoint) {
    this.id = id;
    this.#endpoint = endpoint;
  }

  static async open(options: ClientOptions): Promise<DialectClient> {
    const endpoint = await Endpoint.open({
      ...options,
      socketUrl: peerjs.socketUrl(options.url, options.id),
      protocols: [],
      onFrame: (frame, own) => {
        const message = parse(frame) as Fields | undefined;
        const { type } = message ?? {};
        if (type === "OPEN" || type === "ID-TAKEN") own.tell(OPENED, type);
        else take(message, { frame, endpoint: own, id: options.id });
      },
    });
    return new PeerClient(options.id, endpoint);
  }

  get heard(): DialectEvent[] {
    return this.#endpoint.heard;
  }

  get isOpen(): boolean {
    return this.#endpoint.isOpen;
  }

  /** Where there are no rooms, the id alone is taken. */
  async enter(_room: string): Promise<Outcome> {
    const opened = await this.#endpoint.answerTo(OPENED, () => {});
    if (opened === "OPEN") return { ok: true, members: undefined };
    return { ok: false, why: opened === undefined ? "no answer" : `${opened}` };
  }

  async leave(): Promise<Outcome> {
    // LEAVE without an addressee frees the id; the connection is of no use afterwards.
    this.sendText(JSON.stringify({ type: "LEAVE" }));
    await this.#endpoint.drop();
    return { ok: true, members: undefined };
  }

  sayToRoom(_text: string): Promise<Outcome> {
    return Promise.resolve({ ok: false, why: "no rooms" });
  }

  sayTo(to: string, text: string): Promise<Outcome> {
    return this.#send({ type: "OFFER", dst: to, payload: { sdp: text } });
  }

  sayAs(from: string, to: string, text: string): Promise<Outcome> {
    return this.#send({ type: "OFFER", src: from, dst: to, payload: { sdp: text } });
  }

  sendText(frame: string): void {
    this.#endpoint.sendText(frame);
  }

  /** A candidate to itself comes back behind all that was sent before. */
  async barrier(): Promise<boolean> {
    const key = `${BARRIER} ${++this.#requests}`;
    const message = { type: "CANDIDATE", dst: this.id, payload: { key } };
    const answer = await this.#endpoint.answerTo(key, () => this.sendText(JSON.stringify(message)));
    return answer !== undefined;
  }

  wait(ms: number): Promise<void> {
    return this.#endpoint.wait(ms);
  }

  drop(): Promise<void> {
    return this.#endpoint.drop();
  }

  /** Nothing is acknowledged: what comes back from itself says that it was taken in. */
  async #send(message: Fields): Promise<Outcome> {
    this.sendText(JSON.stringify(message));
    if (await this.barrier()) return { ok: true, members: undefined };
    return { ok: false, why: "no answer" };
  }
}

function take(
  message: Fields | undefined,
  { frame, endpoint, id }: { frame: string; endpoint: Endpoint; id: string },
): void {
  const { type, src, payload } = message ?? {};
  const { key, sdp } = (payload ?? {}) as Fields;
  if (type === "CANDIDATE" && src === id && endpoint.answer(`${key}`, true)) return;
  if (type === "OFFER") {
    return endpoint.add({ kind: "message", from: `${src}`, text: `${sdp}` });
  }
  endpoint.add({ kind: "other", text: frame });
}
