/**
 * The media engine of the tester: the native addon, at the client's end. It is loaded when a run has
 * media and not before; one isolate of a process may load it, so a run's users share it.
 */
import type { Logger } from "../../src/base/mod.ts";
import type { ClientTransportOptions } from "../../src/media/child/native.ts";
import type { Fingerprint, Transport, TransportEvents } from "../../src/media/sfu/transport.ts";

/** Makes the connections of synthetic users. */
export interface MediaEngine {
  /** Of the certificate that all of them show. */
  readonly fingerprint: Fingerprint;
  /** Begins to connect to a server. Throws MediaError. */
  connect(options: ClientTransportOptions, events: TransportEvents): Transport;
  /** Ends all of them. */
  close(): void;
}

/** Loads the addon. Rejects with an Error that says why it cannot be had. */
export async function loadMediaEngine(log: Logger): Promise<MediaEngine> {
  try {
    const { NativeClients } = await import("../../src/media/child/native.ts");
    const { makeCertificate } = await import("../../src/media/child/certificate.ts");
    return new NativeClients({ certificate: await makeCertificate(), log });
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : `${error}`;
    throw new Error(`Cannot load the media engine: ${reason}`, { cause: error });
  }
}
