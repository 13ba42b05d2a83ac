/**
 * The one place of the sockets that turns failures into `error` messages (rules ER1, ME4). The hub
 * calls it for a request that could not proceed.
 */
import { type ClientMessage, ProtocolError, type ServerMessageOf } from "../protocol/mod.ts";

/** What the sender of `request` hears of `error`; nothing of a fault that is the server's own. */
export function answerTo(error: unknown, request: ClientMessage): ServerMessageOf<"error"> {
  const { requestId, type } = request;
  const isExpected = error instanceof ProtocolError;
  const answer: ServerMessageOf<"error"> = {
    type: "error",
    code: isExpected ? error.code : "internal-error",
    message: isExpected ? error.message : `Cannot ${type}: a fault of the server`,
  };
  if (isExpected && error.retryAfterMs !== undefined) answer.retryAfterMs = error.retryAfterMs;
  return requestId === undefined ? answer : { ...answer, requestId };
}
