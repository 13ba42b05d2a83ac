/**
 * Many connections to one server, driven from one thread that blocks in `epoll_wait`: nothing of
 * Deno's event loop stands between a delivery and the clock. The workloads send through it, and hear
 * each text through `onText`.
 */
import { Client, type Dialect, type OnText } from "./client.ts";
import { Poll } from "./libc.ts";

/** Connections that may wait for their upgrade at once, well below every server's backlog. */
const MAX_CONNECTING = 64;
/** Longest wait inside the poll, so that deadlines are noticed. */
const POLL_MS = 50;
/** Nothing here takes longer unless a delivery was lost or the server hangs. */
const DEADLINE_MS = 60_000;

/** The connections. */
export class Load {
  readonly clients: Client[] = [];
  /** Hears every text of the server; the workload in progress sets it. */
  onText: OnText = () => {};
  readonly #poll = new Poll();

  /** Opens `count` connections and waits until the server has welcomed each. */
  static connect(port: number, dialect: Dialect, count: number): Load {
    const load = new Load();
    let ready = 0;
    while (ready < count) {
      while (load.clients.length < Math.min(count, ready + MAX_CONNECTING)) {
        load.#open(port, dialect);
      }
      load.poll(POLL_MS);
      ready = load.clients.filter((client) => client.isReady).length;
      load.#refuseClosed();
    }
    return load;
  }

  /** Waits up to `timeoutMs` for something to arrive and handles it. */
  poll(timeoutMs: number): void {
    this.#poll.wait(timeoutMs, (index) => this.clients[index]!.read(this.onText));
  }

  /** Handles what arrives until `isDone`; throws, naming `what`, when that takes too long. */
  until(isDone: () => boolean, what: string): void {
    const deadline = performance.now() + DEADLINE_MS;
    while (!isDone()) {
      this.poll(POLL_MS);
      if (performance.now() < deadline) continue;
      this.#refuseClosed();
      throw new Error(`Cannot wait any longer for ${what}`);
    }
  }

  /** Handles what arrives for `ms` milliseconds. */
  for(ms: number): void {
    const end = performance.now() + ms;
    for (let left = ms; left > 0; left = end - performance.now()) {
      this.poll(Math.min(POLL_MS, Math.ceil(left)));
    }
  }

  /** Calls `send` `perSecond` times a second for `ms` milliseconds, handling what arrives. */
  atRate(perSecond: number, ms: number, send: () => void): void {
    const start = performance.now();
    const total = Math.round(perSecond * ms / 1_000);
    for (let sent = 0; sent < total;) {
      const dueMs = start + sent * 1_000 / perSecond - performance.now();
      if (dueMs > 0) this.poll(Math.ceil(dueMs));
      else {
        send();
        sent++;
      }
    }
  }

  /** Closes every connection. */
  close(): void {
    for (const client of this.clients) client.close();
    this.#poll.close();
  }

  #open(port: number, dialect: Dialect): void {
    const client = new Client(this.clients.length, port, dialect);
    this.clients.push(client);
    this.#poll.add(client.socket, client.index);
  }

  #refuseClosed(): void {
    const closed = this.clients.filter((client) => client.isClosed).length;
    if (closed > 0) throw new Error(`The server closed ${closed} connections`);
  }
}
