/**
 * Makes the TURN server of `--turn embedded` as the settings want it: where browsers reach it, and what
 * of this machine it may reach. The process entry makes one and hands it to the application.
 */
import { isIPv4 } from "node:net";
import { logger, systemClock, systemRandom } from "./base/mod.ts";
import { type Config, ConfigError } from "./config.ts";
import {
  boundAddress,
  type Machine,
  mediaProcesses,
  reachableAddresses,
  thisMachine,
} from "./media_plane.ts";
import { type EmbeddedOptions, EmbeddedTurn, type TurnCounts } from "./turn/mod.ts";

/** Characters of a secret that is made up: 192 bits. */
const SECRET_LENGTH = 32;

/** A TURN server that runs. */
export type TurnService = {
  /** Where clients find it. */
  readonly urls: readonly string[];
  /** Makes the credentials that it takes. */
  readonly secret: string;
  /** How much there was some seconds ago. */
  readonly counts: () => TurnCounts;
  /** Ends it. Idempotent. */
  readonly close: () => void;
};

/** Starts the server, or resolves to undefined where none is wanted. Rejects with ConfigError. */
export async function openTurn(config: Config): Promise<TurnService | undefined> {
  if (config.turn !== "embedded") return undefined;
  const log = logger("turn");
  const options = embeddedOptions(config, thisMachine());
  try {
    const turn = await EmbeddedTurn.start(options, { clock: systemClock, log });
    const { port, secret } = options;
    log.info("TURN server listens", { port, relayAddress: options.relayAddress });
    return {
      urls: turnUrls(config, options),
      secret,
      counts: () => turn.counts,
      close: () => turn.close(),
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : `${error}`;
    throw new ConfigError(`Cannot use --turn-port ${options.port}: ${reason}`, { cause: error });
  }
}

/** How the server is to work on that machine. Throws ConfigError where it cannot. */
export function embeddedOptions(config: Config, machine: Machine): EmbeddedOptions {
  const bound = config["public-ip"].length === 0 ? boundAddress(config.host) : undefined;
  const reachable = reachableAddresses(config, machine);
  const relayAddress = reachable.find(isIPv4);
  if (relayAddress === undefined) {
    throw new ConfigError("Cannot use --turn embedded: it takes an IPv4 address (--public-ip)");
  }
  const isMediaOn = config.media !== "off" && config.topology !== "mesh";
  const processes = isMediaOn ? mediaProcesses(config, machine) : [];
  return {
    secret: config["turn-secret"] ?? systemRandom.id(SECRET_LENGTH),
    port: config["turn-port"],
    bindAddress: bound ?? "0.0.0.0",
    relayAddress,
    relayPorts: config["turn-relay-ports"],
    ownAddresses: ["127.0.0.1", ...machine.addresses, ...reachable].filter(isIPv4),
    mediaPorts: processes.flatMap(({ port, relayedPort }) =>
      relayedPort ? [port, relayedPort] : [port]
    ),
    mediaAddress: bound !== undefined && isIPv4(bound) ? bound : "127.0.0.1",
  };
}

/** How clients find it: by `--turn-url`, or else by its address, over UDP and TCP. */
function turnUrls(config: Config, { relayAddress, port }: EmbeddedOptions): readonly string[] {
  if (config["turn-url"].length > 0) return config["turn-url"];
  return ["udp", "tcp"].map((transport) => `turn:${relayAddress}:${port}?transport=${transport}`);
}
