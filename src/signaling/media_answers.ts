/**
 * What the media plane answers, in time and in the words of the wire (rule PB2). Whoever asks the
 * media of a room for a member calls it: the dispatch, and the seats without a socket.
 */
import type { Clock } from "../base/mod.ts";
import { MediaError } from "../media/port.ts";
import { type ErrorCode, ProtocolError } from "../protocol/mod.ts";

/** A media plane that says nothing for so long has failed; the client is to go on. */
const ANSWER_MS = 10_000;

/**
 * What `pending` resolves to, within its time. Rejects with ProtocolError where the media plane
 * refuses or says nothing, and with any other error as it is. `attempt` says what was asked.
 */
export function answerInTime<T>(pending: Promise<T>, clock: Clock, attempt: string): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const cancel = clock.after(ANSWER_MS, () => {
    const why = `the media plane has said nothing for ${ANSWER_MS / 1_000} s`;
    reject(new ProtocolError("media-failed", `${attempt}: ${why}`));
  });
  pending.then(
    (value) => {
      cancel();
      resolve(value);
    },
    (error: unknown) => {
      cancel();
      reject(asProtocolError(error));
    },
  );
  return promise;
}

function asProtocolError(error: unknown): unknown {
  if (!(error instanceof MediaError)) return error;
  return new ProtocolError(codeOf(error), error.message, { cause: error });
}

function codeOf({ code }: MediaError): ErrorCode {
  switch (code) {
    case "no-such-track":
    case "no-such-participant":
      return code;
    default:
      return "media-failed";
  }
}
