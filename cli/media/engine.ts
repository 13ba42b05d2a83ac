/**
 * The media engine of the tester: the native addon, at the client's end. It is loaded when a run has
 * media and not before; one isolate of a process may load it, so a run's users share it.
 */
import type { Logger } from "../../src/base/mod.ts";
import type { ClientTransportOptions } from "../../src/media/child/native.ts";
import type { PeerEvents, PeerOptions, PeerTransport } from "../../src/media/child/native_peers.ts";
import type { Fingerprint, Transport, TransportEvents } from "../../src/media/sfu/transport.ts";

export type { PeerEvents, PeerOptions, PeerTransport };

/** Makes the connections of synthetic users. */
export interface MediaEngine {
  /** Of the certificate that all of them show. */
  readonly fingerprint: Fingerprint;
  /** Begins to connect to a server. Throws MediaError. */
  connect(options: ClientTransportOptions, events: TransportEvents): Transport;
  /** Ends all of them. */
  close(): void;
}

/** One that connects participants with each other as well. */
export interface PeerEngine extends MediaEngine {
  /** Begins to connect to another participant, without a server between. Throws MediaError. */
  connectPeer(options: PeerOptions, events: PeerEvents): PeerTransport;
}

/** Loads the addon. Rejects with an Error that says why it cannot be had. */
export async function loadMediaEngine(log: Logger): Promise<PeerEngine> {
  try {
    const { NativeClients } = await import("../../src/media/child/native.ts");
    const { makeCertificate } = await import("../../src/media/child/certificate.ts");
    const { NativePeers } = await import("../../src/media/child/native_peers.ts");
    const certificate = await makeCertificate();
    const clients = new NativeClients({ certificate, log });
    const peers = new NativePeers({ certificate, log });
    return {
      fingerprint: clients.fingerprint,
      connect: (options, events) => clients.connect(options, events),
      connectPeer: (options, events) => peers.connect(options, events),
      close() {
        clients.close();
        peers.close();
      },
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : `${error}`;
    throw new Error(`Cannot load the media engine: ${reason}`, { cause: error });
  }
}
