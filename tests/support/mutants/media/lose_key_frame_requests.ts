/** A media process that asks nobody for key frames. */
import { Layer } from "../../../../src/media/sfu/layer.ts";
import { replaceMethod } from "../mutant.ts";

replaceMethod(Layer.prototype, "takeKeyFrameWish", () => false);

await import("../../../../src/media/child/main.ts");
