/**
 * What opens a port, however it does so: the settings it takes and what its owner may do with it.
 */
import type { TlsPair } from "./tls_pair.ts";

/** Where to listen. */
export type ListenerAddress = {
  readonly hostname: string;
  /** 0: any free one. */
  readonly port: number;
  /** Serves https and wss where it is given. */
  readonly tls: TlsPair | undefined;
};

/** An open port. */
export interface Listener {
  /** The port that is bound. */
  readonly port: number;
  /** New connections get this certificate from now on; `undefined` where that takes a restart. */
  readonly renew: ((tls: TlsPair) => void) | undefined;
  /** Takes no more connections, lets answers under way finish, and ends the rest. Idempotent. */
  shutdown(): Promise<void>;
}
