/** The protocols that `conformance` can check. */

/** By name; `signalbox` is ours, whose every rule has a check of its own. */
export const DIALECTS = ["signalbox", "socketio-rooms", "peerjs"] as const;

/** One of {@linkcode DIALECTS}. */
export type DialectName = typeof DIALECTS[number];
