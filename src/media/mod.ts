/**
 * The media plane: rooms whose media go through the server, each in a media process. The application
 * makes it; rooms and HTTP see `port.ts` alone. `FakeMediaPlane` is the same without packets.
 *
 * ```ts
 * import { FakeMediaPlane } from "./mod.ts";
 *
 * const plane = new FakeMediaPlane();
 * if (!plane.isAvailable || (await plane.stats()).rooms !== 0) throw new Error("it is not new");
 * await plane.close();
 * ```
 *
 * @module
 */
export { FakeMediaPlane } from "./fake/fake_media_plane.ts";
export { MediaHost, type MediaHostOptions } from "./host.ts";
export { spawnMedia, type SpawnOptions } from "./host/spawn_media.ts";
export type { StartOptions } from "./ipc/messages.ts";
export type { Candidate } from "./sfu/transport.ts";
