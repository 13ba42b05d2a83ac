/**
 * Debian's coturn on a free port of loopback, with one user or with the users of a secret, for browsers
 * that come through a relay.
 */
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
  /** Of its database, without which it finds no secret. */
  #folder = "";

  /** Starts one; with a secret it knows whoever has credentials of that, and nobody else. */
  static async start({ secret }: { secret?: string } = {}): Promise<Coturn> {
    const coturn = new Coturn();
    const users = secret === undefined
      ? ["--lt-cred-mech", `--user=${coturn.username}:${coturn.credential}`]
      : ["--use-auth-secret", `--static-auth-secret=${secret}`];
    await coturn.#start(await provide(COTURN), users);
    return coturn;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child?.kill("SIGKILL");
    await this.#child?.status;
    await Deno.remove(this.#folder, { recursive: true });
  }

  async #start(program: string, users: readonly string[]): Promise<void> {
    this.#folder = await Deno.makeTempDir();
    const options = [
      ...["-n", "--no-cli", "--no-tls", "--no-dtls", "--allow-loopback-peers", ...users],
      ...["--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", "--realm=test"],
      `--listening-port=${this.port}`,
      ...["--pidfile=/dev/null", "--log-file=/dev/null", `--db=${this.#folder}/turn.db`],
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
