/** Debian's coturn on a free port of loopback, with one user, for browsers that come through a relay. */
import { type Program, provide } from "./debian_package.ts";
import { freePort, isListening } from "./ports.ts";
import { waitUntil } from "./wait_until.ts";

/** The program. */
export const COTURN: Program = {
  name: "coturn",
  candidates: ["/usr/bin/turnserver", "/usr/local/bin/turnserver"],
  packages: ["coturn"],
};

/** A relay that is allowed to reach this machine. */
export class Coturn {
  /** Of UDP and TCP. */
  readonly port: number = freePort();
  /** For `iceServers`. */
  readonly username = "user";
  readonly credential = "password";
  #child: Deno.ChildProcess | undefined;

  /** Starts one. */
  static async start(): Promise<Coturn> {
    const coturn = new Coturn();
    await coturn.#start(await provide(COTURN));
    return coturn;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child?.kill("SIGKILL");
    await this.#child?.status;
  }

  async #start(program: string): Promise<void> {
    const options = [
      ...["-n", "--no-cli", "--no-tls", "--no-dtls", "--allow-loopback-peers", "--lt-cred-mech"],
      ...["--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", "--realm=test"],
      ...[`--listening-port=${this.port}`, `--user=${this.username}:${this.credential}`],
      ...["--pidfile=/dev/null", "--log-file=/dev/null", "--db=/dev/null"],
    ];
    this.#child = new Deno.Command(program, {
      args: options,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    await waitUntil(async () =>
      await isListening(this.port) ? undefined : "coturn does not listen"
    );
  }
}
