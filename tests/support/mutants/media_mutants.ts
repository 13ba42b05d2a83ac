/** Mutants that are wrong about media where none go through the server. */
import { RoomMedia } from "../../../src/rooms/room_media.ts";
import { type Mutant, replaceMethod } from "./mutant.ts";

/** The mutants by name. */
export const mediaMutants: Readonly<Record<string, Mutant>> = {
  "publish-in-a-mesh": {
    does: "takes what is published in a mesh, and carries nothing",
    rule: "PB1",
    apply: () =>
      replaceMethod(RoomMedia.prototype, "publish", () => Promise.resolve({ sdp: "", tracks: [] })),
  },
  "know-every-track": {
    does: "lets everybody subscribe to tracks that nobody publishes",
    rule: "SB3",
    apply: () => replaceMethod(RoomMedia.prototype, "subscribe", () => Promise.resolve()),
  },
};
