/** A media process that moves the timestamp of one packet of fifty. */
import { isRtcp } from "../../../../src/media/rtp/packet.ts";
import { Downlink } from "../../../../src/media/sfu/downlink.ts";
import { replaceMethod } from "../mutant.ts";

const EVERY = 50;
let count = 0;

replaceMethod(Downlink.prototype, "send", (_, original, bytes) => {
  if (isRtcp(bytes) || ++count % EVERY !== 0) return original(bytes);
  return original(bytes.with(7, bytes[7]! ^ 1));
});

await import("../../../../src/media/child/main.ts");
