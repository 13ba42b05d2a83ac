/**
 * What a call takes from the browser and a test hands in instead: connections, time, randomness.
 * `browserPlatform` is the real one; the clock has the shape of the page's own.
 */

import type { CallClock } from "./call_clock.ts";

export type { CallClock } from "./call_clock.ts";

/** The surroundings of a call. */
export interface CallPlatform {
  readonly clock: CallClock;
  /** A new RTCPeerConnection. */
  connect(configuration: RTCConfiguration): RTCPeerConnection;
  /** An empty MediaStream: tracks of one stream are played in step (lips and voice). */
  createStream(): MediaStream;
  /** What this browser can receive as a picture (`RTCRtpReceiver.getCapabilities`). */
  videoCodecs(): readonly RTCRtpCodec[];
  /** An id that nobody else draws. */
  randomId(): string;
}

/** The browser's own, with the clock of the page. */
export function browserPlatform(clock: CallClock): CallPlatform {
  return {
    clock,
    connect: (configuration) => new RTCPeerConnection(configuration),
    createStream: () => new MediaStream(),
    videoCodecs: () => RTCRtpReceiver.getCapabilities("video")?.codecs ?? [],
    // Not randomUUID: that one exists on secure origins alone, and a server at home may be none.
    randomId: () => crypto.getRandomValues(new Uint32Array(2)).join("-"),
  };
}
