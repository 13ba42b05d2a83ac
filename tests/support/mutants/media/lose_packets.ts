/** A media process that loses one packet of a hundred. */
import { Downlink } from "../../../../src/media/sfu/downlink.ts";
import { replaceMethod } from "../mutant.ts";

const EVERY = 100;
let count = 0;

replaceMethod(Downlink.prototype, "send", (_, original, bytes) => {
  return ++count % EVERY === 0 ? true : original(bytes);
});

await import("../../../../src/media/child/main.ts");
