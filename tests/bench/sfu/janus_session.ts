/**
 * A session of Janus over its HTTP interface (https://janus.conf.meetecho.com/docs/rest.html), for
 * one request after the other. Between requests nothing is asked: events wait in Janus.
 */
import type { JanusProcess } from "./janus_process.ts";

/** More than there can be between an answer and the events before it. */
const MAX_EVENTS = 1_000;

/** A description, as Janus writes it. */
export type Jsep = { readonly type: "offer" | "answer"; readonly sdp: string };

/** What is used of what Janus says. */
type Reply = {
  readonly janus: string;
  readonly transaction?: string;
  readonly data?: { readonly id: number };
  readonly error?: { readonly reason: string };
  readonly plugindata?: { readonly data: { readonly error?: string } };
  readonly jsep?: Jsep;
};

/** A session; its handles are numbers. */
export class JanusSession {
  readonly #url: string;
  readonly #secret: string;
  #transactions = 0;

  private constructor(url: string, secret: string) {
    this.#url = url;
    this.#secret = secret;
  }

  /** Opens a session. */
  static async create({ url, secret }: JanusProcess): Promise<JanusSession> {
    const { data } = await new JanusSession(url, secret).#post("", { janus: "create" });
    return new JanusSession(`${url}/${data?.id}`, secret);
  }

  /** A handle of the plugin of video rooms: one for each participant. */
  async attach(): Promise<number> {
    const request = { janus: "attach", plugin: "janus.plugin.videoroom" };
    const { data } = await this.#post("", request);
    if (data === undefined) throw new Error("Janus attached no plugin");
    return data.id;
  }

  /** Asks the plugin for `body`, and gives the description that comes back, if any does. */
  async ask(handle: number, body: object, jsep?: Jsep): Promise<Jsep | undefined> {
    const request = { janus: "message", body, ...(jsep === undefined ? {} : { jsep }) };
    let reply = await this.#post(`/${handle}`, request);
    if (reply.janus === "ack") reply = await this.#event(reply.transaction);
    const error = reply.plugindata?.data.error;
    if (error !== undefined) throw new Error(`Janus refuses ${JSON.stringify(body)}: ${error}`);
    return reply.jsep;
  }

  /** The event that answers a request; those before it are of no interest. */
  async #event(transaction: string | undefined): Promise<Reply> {
    for (let n = 0; n < MAX_EVENTS; n++) {
      const query = new URLSearchParams({ apisecret: this.#secret, maxev: "1" });
      const reply = await read(await fetch(`${this.#url}?${query}`));
      if (reply.transaction === transaction) return reply;
    }
    throw new Error(`Janus does not answer request ${transaction}`);
  }

  async #post(path: string, request: object): Promise<Reply> {
    const transaction = `${++this.#transactions}`;
    const body = JSON.stringify({ ...request, transaction, apisecret: this.#secret });
    return await read(await fetch(`${this.#url}${path}`, { method: "POST", body }));
  }
}

async function read(response: Response): Promise<Reply> {
  const reply: Reply = await response.json();
  if (reply.error !== undefined) throw new Error(`Janus: ${reply.error.reason}`);
  return reply;
}
