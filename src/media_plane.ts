/**
 * Makes the media plane as the settings want it: where browsers reach it, on which ports, and with how
 * many processes. The process entry makes one and hands it to the application.
 */
import { isIP } from "node:net";
import { logger, systemClock } from "./base/mod.ts";
import { type Config, ConfigError } from "./config.ts";
import { type Candidate, MediaHost, spawnMedia, type StartOptions } from "./media/mod.ts";
import { SECRET_SETTINGS, variableOf } from "./settings.ts";

const LARGEST_PORT = 65_535;
/** RFC 8445, section 5.1.2: host candidates of component 1, the first of them preferred. */
const HOST_PREFERENCE = 126 * 2 ** 24;
const FIRST_PREFERENCE = 65_535;
const COMPONENT = 255;

/** The settings that it is made by. */
export type MediaConfig = Pick<
  Config,
  | "host"
  | "ice-servers"
  | "media"
  | "media-port"
  | "media-processes"
  | "public-ip"
  | "recordings-dir"
  | "topology"
  | "trusted-proxy"
  | "turn"
  | "turn-url"
>;

/** What the settings do not say of the machine. */
export type Machine = {
  readonly cores: number;
  /** Addresses by which others may reach it. */
  readonly addresses: readonly string[];
};

/**
 * The media plane, or `undefined` where there is to be none; nothing runs yet. Rejects with ConfigError
 * where `--media on` cannot be had.
 */
export async function openMediaPlane(config: MediaConfig): Promise<MediaHost | undefined> {
  const log = logger("media");
  const why = whyNone(config);
  if (why !== undefined) {
    if (config.media !== "off") log.info("media do not go through the server", { reason: why });
    return undefined;
  }
  const hidden = SECRET_SETTINGS.map(variableOf);
  const processes = mediaProcesses(config, thisMachine());
  const host = new MediaHost({
    processes,
    spawn: (start) => spawnMedia([start], { hidden }),
    spawnSpare: () => spawnMedia(processes, { hidden }),
    clock: systemClock,
    log,
  });
  if (config.media === "auto") return host;
  try {
    await host.prepare();
  } catch (error) {
    await host.close();
    const reason = error instanceof Error ? error.message : `${error}`;
    throw new ConfigError(`Cannot use --media on: ${reason}`, { cause: error });
  }
  return host;
}

/** How each process is to work. Throws ConfigError where there are not enough ports. */
export function mediaProcesses(config: MediaConfig, machine: Machine): StartOptions[] {
  const { "media-processes": wanted, "media-port": firstPort } = config;
  const count = wanted === "auto" ? machine.cores : wanted;
  const isRelayed = hasRelayOverTcp(config);
  const lastPort = firstPort + count * (isRelayed ? 2 : 1) - 1;
  if (lastPort > LARGEST_PORT) {
    const message = `Cannot use --media-port ${firstPort}: ${count} media processes would take ` +
      `ports up to ${lastPort}`;
    throw new ConfigError(message);
  }
  const bindAddress = config["public-ip"].length === 0 ? boundAddress(config.host) : undefined;
  const addresses = reachableAddresses(config, machine);
  return Array.from({ length: count }, (_, n) => ({
    port: firstPort + n,
    bindAddress,
    candidates: addresses.map((address, index) => candidate(address, firstPort + n, index)),
    // Behind those of all processes, so that they stay where they are when it is not needed.
    ...(isRelayed ? { relayedPort: firstPort + count + n } : {}),
    recordingsFolder: config["recordings-dir"],
  }));
}

/** Why media cannot, or are not to, go through this server. */
function whyNone(config: MediaConfig): string | undefined {
  if (config.media === "off" || config.topology === "mesh") return "the settings say so";
  // Behind a proxy the address that is bound is not the one that clients know, and a room whose
  // media move to where nobody reaches them is a room without media.
  const isGuess = config["trusted-proxy"].length > 0 && config["public-ip"].length === 0;
  if (config.media === "auto" && isGuess) return "behind a proxy it takes --public-ip";
  return undefined;
}

/** The address that is bound; `undefined`: every one. */
export function boundAddress(host: string): string | undefined {
  const address = host === "localhost" ? "127.0.0.1" : host.replace(/^\[(.*)\]$/, "$1");
  return isIP(address) === 0 || /^(0\.0\.0\.0|::)$/.test(address) ? undefined : address;
}

/** Where others reach this machine, the best known address first. */
export function reachableAddresses(
  config: Pick<Config, "host" | "public-ip">,
  { addresses }: Machine,
): readonly string[] {
  if (config["public-ip"].length > 0) return config["public-ip"];
  const bound = boundAddress(config.host);
  if (bound !== undefined) return [bound];
  return addresses.length > 0 ? addresses : ["127.0.0.1"];
}

function candidate(address: string, port: number, index: number): Candidate {
  const priority = HOST_PREFERENCE + (FIRST_PREFERENCE - index) * 2 ** 8 + COMPONENT;
  return { address, port, priority };
}

/** Whether clients may come by TURN over TCP or TLS: see media/child/tie_breaker.ts. */
function hasRelayOverTcp(config: MediaConfig): boolean {
  if (config.turn === "embedded") return true;
  return [...config["turn-url"], ...config["ice-servers"].flatMap(({ urls }) => urls)]
    .some((url) => /^turns:/.test(url) || /^turn:.*[?&]transport=tcp/.test(url));
}

/** The machine that this runs on. */
export function thisMachine(): Machine {
  return {
    cores: navigator.hardwareConcurrency,
    addresses: Deno.networkInterfaces()
      .filter(({ family, address }) => family === "IPv4" && !address.startsWith("127."))
      .map(({ address }) => address),
  };
}
