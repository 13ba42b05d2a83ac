/** Failures as a client hears them. */
import assert from "node:assert/strict";
import { ProtocolError } from "../../src/protocol/mod.ts";
import { answerTo } from "../../src/signaling/answer.ts";
import { clientMessage } from "../support/messages.ts";

Deno.test("[ER1] answerTo gives the code and the sentence of what was foreseen", () => {
  const error = new ProtocolError("room-full", "Cannot join");

  assert.deepEqual(answerTo(error, clientMessage("ping", { at: 1, requestId: 3 })), {
    type: "error",
    code: "room-full",
    message: "Cannot join",
    requestId: 3,
  });
});

Deno.test("[ER1] answerTo tells nothing of a fault of the server but that it is one", () => {
  assert.deepEqual(answerTo(new TypeError("secret"), clientMessage("ping", { at: 1 })), {
    type: "error",
    code: "internal-error",
    message: "Cannot ping: a fault of the server",
  });
});
