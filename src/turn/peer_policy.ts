/**
 * Whom a relay may speak with (RFC 8656, section 21.1.3): anybody on the public internet, nobody on a
 * private network, and of the server's own addresses only what serves rooms. Pure.
 */
import { BlockList } from "node:net";
import type { TransportAddress } from "./transport_address.ts";

/**
 * IPv4 networks that are not public: the registry of special purposes (RFC 6890), multicast, what is
 * reserved. As in deploy/coturn.conf.
 */
export const DENIED_NETWORKS: readonly string[] = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
];

/** What the policy knows of the server. */
export type PeerPolicyOptions = {
  /** IPv4 addresses of this machine, and those under which others know it. */
  readonly ownAddresses: readonly string[];
  /** Ports of its media processes. */
  readonly mediaPorts: readonly number[];
};

/** What a peer is: refused, somebody out there, a relay of ours, the media port of ours. */
export type PeerPlace = "denied" | "outside" | "relay" | "media";

/** The policy of one server. */
export class PeerPolicy {
  readonly #own: ReadonlySet<string>;
  readonly #mediaPorts: ReadonlySet<number>;
  readonly #denied = new BlockList();

  /** Holds from now on. */
  constructor({ ownAddresses, mediaPorts }: PeerPolicyOptions) {
    this.#own = new Set(ownAddresses);
    this.#mediaPorts = new Set(mediaPorts);
    for (const network of DENIED_NETWORKS) {
      const [address = "", bits = ""] = network.split("/");
      this.#denied.addSubnet(address, Number(bits), "ipv4");
    }
  }

  /** Whether there may be permissions for an address; which ports, {@linkcode placeOf} says. */
  allows(address: string): boolean {
    return this.#own.has(address) || !this.#denied.check(address, "ipv4");
  }

  /** What is at an address; `isRelay` tells which ports of ours are relays now. */
  placeOf({ address, port }: TransportAddress, isRelay: (port: number) => boolean): PeerPlace {
    if (port === 0 || !this.allows(address)) return "denied";
    if (!this.#own.has(address)) return "outside";
    if (isRelay(port)) return "relay";
    return this.#mediaPorts.has(port) ? "media" : "denied";
  }
}
