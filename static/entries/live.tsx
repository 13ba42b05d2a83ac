/** `/live`: the way into a live room, and the broadcaster's own. */
import { render } from "preact";
import { createBroadcast, liveMemory } from "../browser/broadcast.ts";
import { LivePage } from "../pages/live_page.tsx";
import type { Visit } from "./visit.ts";

/** Draws it. */
export function show({ place, random }: Visit): void {
  const isOnAir = liveMemory.read() !== undefined;
  const create = () => createBroadcast(random);
  render(<LivePage isOnAir={isOnAir} createBroadcast={create} />, place);
}
