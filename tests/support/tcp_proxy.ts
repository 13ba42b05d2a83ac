/** A network that can be cut: a TCP proxy on this machine in front of a server. */

/** Passes bytes both ways until it is told to cut. */
export class TcpProxy {
  readonly #listener: Deno.TcpListener;
  readonly #target: number;
  readonly #links = new Set<Deno.TcpConn>();
  #isDown = false;
  readonly #running: Promise<void>;

  /** Listens on a free port and connects each caller to `port` of this machine. */
  constructor(port: number) {
    this.#target = port;
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.#running = this.#accept();
  }

  /** Where it listens, without a slash at the end. */
  get address(): string {
    return `http://127.0.0.1:${this.#listener.addr.port}`;
  }

  /** Cuts every connection and lets no other pass until told otherwise. */
  takeDown(): void {
    this.#isDown = true;
    this.cut();
  }

  /** Lets connections pass again. */
  bringUp(): void {
    this.#isDown = false;
  }

  /** Cuts every connection that passes now; later ones pass again. */
  cut(): void {
    for (const link of this.#links) close(link);
    this.#links.clear();
  }

  /** Cuts everything and listens no more. */
  async close(): Promise<void> {
    this.#listener.close();
    this.cut();
    await this.#running;
  }

  async #accept(): Promise<void> {
    const passing: Promise<void>[] = [];
    for await (const caller of this.#listener) passing.push(this.#pass(caller));
    await Promise.all(passing);
  }

  async #pass(caller: Deno.TcpConn): Promise<void> {
    if (this.#isDown) return close(caller);
    const server = await Deno.connect({ hostname: "127.0.0.1", port: this.#target });
    this.#links.add(caller).add(server);
    const pipe = async (from: Deno.TcpConn, to: Deno.TcpConn) => {
      try {
        await from.readable.pipeTo(to.writable);
      } catch {
        // One end is gone: the other goes as well, which is all that a proxy has to say.
      }
      close(from);
      close(to);
    };
    await Promise.all([pipe(caller, server), pipe(server, caller)]);
    this.#links.delete(caller);
    this.#links.delete(server);
  }
}

function close(connection: Deno.TcpConn): void {
  try {
    connection.close();
  } catch {
    // It was closed by the other direction already.
  }
}
