/**
 * Rooms in which frames go over the socket, for the checks of those rules: who broadcasts, who asks
 * for it, and frames that no codec has made, because the server looks at their headers alone.
 */
import { encodeRelayFrame, type RelayFrame, type ServerMessageOf } from "../../src/protocol/mod.ts";
import type { Actor } from "./actor.ts";
import { same } from "./expectation.ts";
import type { Place } from "./place.ts";
import { everyone, type Scene } from "./scene.ts";

/** What a check says of a frame; `bytes` are those of its payload. */
export type FrameOptions = Partial<Omit<RelayFrame, "payload">> & { readonly bytes?: number };

/** A frame; a VP8 picture of a small size that needs those before it, unless told otherwise. */
export function frameOf({ bytes = 10, ...fields }: FrameOptions): Uint8Array<ArrayBuffer> {
  const defaults = {
    kind: "vp8",
    isKey: false,
    pictureId: 0,
    sourceId: 0,
    timestampUs: 40_000,
    number: 0,
    width: 320,
    height: 180,
  } as const;
  const payload = new Uint8Array(bytes).fill((fields.number ?? 0) % 256);
  return encodeRelayFrame({ ...defaults, ...fields, payload });
}

/** A packet of sound. */
export function soundOf(number: number): Uint8Array<ArrayBuffer> {
  return frameOf({ kind: "opus", width: 0, height: 0, number });
}

/** Who comes, and where to. */
export type LiveOptions = {
  /** Default: bob and cat. */
  readonly names?: readonly string[];
  /** Default: the place of the scene. */
  readonly at?: Place;
};

/** A broadcaster that can send frames, and viewers; nobody has asked for any yet. */
export async function gatherLive(
  scene: Scene,
  { names = ["bob", "cat"], at = scene.place }: LiveOptions = {},
): Promise<{ ann: Actor; viewers: Actor[] }> {
  const ann = await scene.join("ann", { at, fields: { role: "broadcaster", relay: true } });
  const viewers: Actor[] = [];
  for (const name of names) {
    const viewer = await scene.join(name, { at, fields: { role: "viewer" } });
    await everyone([ann, ...viewers], (one) => one.hear("user-joined"));
    viewers.push(viewer);
  }
  return { ann, viewers };
}

/** The same, and all of them have asked; `wanted` is what the broadcaster was told last. */
export async function gatherRelay(
  scene: Scene,
  options: LiveOptions = {},
): Promise<{ ann: Actor; viewers: Actor[]; wanted: ServerMessageOf<"relay-wanted"> }> {
  const { ann, viewers } = await gatherLive(scene, options);
  let wanted: ServerMessageOf<"relay-wanted"> | undefined;
  for (const [n, viewer] of viewers.entries()) {
    await viewer.ask(asking(scene), "relay-started", { userId: "ann" });
    const heard = await ann.hearUntil("relay-wanted", { viewers: n + 1 });
    wanted = heard.at(-1) as typeof wanted; // It was heard until there was one.
  }
  // A key frame may have been asked for with the second; whether is for its own check.
  same("what else ann heard", (await othersOf(ann)).length, 0);
  return { ann, viewers, wanted: wanted! };
}

/** A request for the broadcaster's frames. */
export function asking(
  { room: roomId }: Scene,
  fields: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  return { type: "request-relay", roomId, ...fields };
}

/** What an actor has heard until now, but for requests of key frames: they come when they like. */
export async function othersOf(actor: Actor): Promise<string[]> {
  const heard = await actor.hearRest();
  return heard.map(({ type }) => type).filter((type) => type !== "relay-key-frame");
}
