/** What a slot carries, with what it is played in step, and what the wire calls it. Pure. */
import type { TrackSource } from "../../src/protocol/mod.ts";
import type { Slot } from "./transport.ts";

/** The wire's names (rule PB1). */
const SOURCES: Readonly<Record<Slot, TrackSource>> = {
  microphone: "microphone",
  camera: "camera",
  screen: "screen",
  screenSound: "screen-sound",
};

/** Whether a slot carries a picture. */
export function isPicture(slot: Slot): slot is "camera" | "screen" {
  return slot === "camera" || slot === "screen";
}

/** As MediaStreamTrack.kind. */
export function kindOf(slot: Slot): "audio" | "video" {
  return isPicture(slot) ? "video" : "audio";
}

/** Slots of one group are played in step: lips and voice, a film and its sound. */
export function groupOf(slot: Slot): "person" | "screen" {
  return slot === "microphone" || slot === "camera" ? "person" : "screen";
}

/** The name of a slot on the wire. */
export function sourceOf(slot: Slot): TrackSource {
  return SOURCES[slot];
}

/** The slot of a name on the wire; undefined for one that a newer server may use. */
export function slotOf(source: string): Slot | undefined {
  const slots = Object.keys(SOURCES) as Slot[]; // The keys are slots.
  return slots.find((slot) => SOURCES[slot] === source);
}
