/**
 * The room that most checks of moderation begin with: ann is host of a reserved code, bob is a member,
 * and whoever has the host key may become host too (rule CR5).
 */
import type { Actor } from "./actor.ts";
import type { Scene } from "./scene.ts";

/** Who is in it, and what opens it. */
export type HostedRoom = {
  readonly ann: Actor;
  readonly bob: Actor;
  readonly roomId: string;
  readonly hostKey: string;
};

/** Makes the room; all that its making said has been heard. */
export async function hostedRoom(scene: Scene): Promise<HostedRoom> {
  const ann = await scene.connect("ann");
  const { roomId, hostKey } = await ann.ask(
    { type: "create-room", kind: "meeting" },
    "room-created",
  );
  await ann.join(roomId);
  const bob = await scene.connect("bob");
  await bob.join(roomId);
  await ann.hear("user-joined");
  return { ann, bob, roomId, hostKey };
}
