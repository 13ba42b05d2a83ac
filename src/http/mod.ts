/**
 * HTTP: one function from request to response. Routes, security headers, the page's files, metrics,
 * and the door of the WebSocket.
 *
 * ```ts
 * import { asset } from "./mod.ts";
 *
 * const page = asset("text/html", new TextEncoder().encode("<!doctype html>"));
 * if (!page.etag.startsWith('"')) throw new Error("an asset carries a strong etag");
 * ```
 *
 * @module
 */
export { type Asset, asset, buildPage, type PageAssets } from "./assets.ts";
export { AddressLimit } from "./address_limit.ts";
export { addressKey, TrustedProxies } from "./client_address.ts";
export { createHandler, type Handler, type HandlerOptions, type RequestOrigin } from "./handler.ts";
export { type MediaSession, MediaSessions, type MediaSessionsOptions } from "./media_sessions.ts";
export { Metrics, type MetricsSource } from "./metrics.ts";
export type { RecordingSettings } from "./recordings_api.ts";
export type { ParticipantSummary, RoomSummary } from "./rooms_api.ts";
export { StreamViewers, type StreamViewersOptions } from "./stream_viewers.ts";
export { type Admission, badHandshake, SocketDoor, type SocketDoorOptions } from "./socket_door.ts";
