/** A media process that sends paused pictures. */
import { Subscriber } from "../../../../src/media/sfu/subscriber.ts";
import { replaceMethod } from "../mutant.ts";

replaceMethod(Subscriber.prototype, "wish", (_, original, wish) => {
  return original({ ...wish, isPaused: false });
});

await import("../../../../src/media/child/main.ts");
