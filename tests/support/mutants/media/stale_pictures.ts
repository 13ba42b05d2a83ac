/** A media process that begins pictures anywhere: whatever comes next passes for a key frame. */
import { Slot } from "../../../../src/media/sfu/slot.ts";
import { replaceMethod } from "../mutant.ts";

replaceMethod(Slot.prototype, "forward", (self, original, packet, layer, at) => {
  if (self.isVideo && self.layer === undefined) packet.isKeyFrameStart = true;
  return original(packet, layer, at);
});

await import("../../../../src/media/child/main.ts");
