/**
 * The ids of what a call asks the server: no two are the same, and whoever tells a person of errors
 * knows them, for the call makes up for its own.
 */
import type { RequestId } from "../../../src/protocol/mod.ts";

const PREFIX = "media-";

/** Makes ids; `call` names the call, so that a late reply to a former one is none to this one. */
export function requestIds(call: string): () => string {
  let count = 0;
  return () => `${PREFIX}${call}-${++count}`;
}

/** Whether a call made this id. */
export function isOfCall(requestId: RequestId | undefined): boolean {
  return typeof requestId === "string" && requestId.startsWith(PREFIX);
}
