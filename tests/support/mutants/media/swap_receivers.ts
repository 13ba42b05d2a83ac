/** A media process that sends packets of two receivers to each other now and then. */
import { Downlink } from "../../../../src/media/sfu/downlink.ts";
import { replaceMethod } from "../mutant.ts";

const EVERY = 40;
const seen: Downlink[] = [];
let count = 0;

replaceMethod(Downlink.prototype, "send", (self, original, bytes) => {
  if (!seen.includes(self)) seen.push(self);
  const other = seen.find((one) => one !== self && one.transport?.isOpen === true);
  if (++count % EVERY !== 0 || other === undefined) return original(bytes);
  return other.transport!.send(bytes);
});

await import("../../../../src/media/child/main.ts");
