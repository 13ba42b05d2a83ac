/** An engine whose packets get lost on the way, on purpose: pictures as they are sent first. */
import { CODECS } from "../../../src/media/rtp/codecs.ts";
import type { PeerEngine } from "../engine.ts";

/** What got lost, counted. */
export type LossyEngine = PeerEngine & { readonly lost: () => number };

/** Passes everything on but what `isLost` says. */
export function lossyEngine(engine: PeerEngine, isLost: () => boolean): LossyEngine {
  let lost = 0;
  return {
    fingerprint: engine.fingerprint,
    connect: (options, events) => engine.connect(options, events),
    close: () => engine.close(),
    lost: () => lost,
    connectPeer(options, events) {
      const transport = engine.connectPeer(options, events);
      return {
        get isOpen() {
          return transport.isOpen;
        },
        get bufferedAmount() {
          return transport.bufferedAmount;
        },
        get candidateTypes() {
          return transport.candidateTypes;
        },
        accept: (remote) => transport.accept(remote),
        addCandidate: (candidate) => transport.addCandidate(candidate),
        sendMessage: (bytes) => transport.sendMessage(bytes),
        close: () => transport.close(),
        send(packet) {
          const isPicture = (packet[1]! & 0x7f) === CODECS.H264.payloadType;
          if (!isPicture || !transport.isOpen || !isLost()) return transport.send(packet);
          lost++;
          return true;
        },
      };
    },
  };
}
