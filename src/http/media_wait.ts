/**
 * How long HTTP waits for the media plane where no member of a room does: an administrator who asks
 * for counters or a recording is told that nothing came.
 */
import type { Clock } from "../base/mod.ts";
import { HttpError } from "./problem.ts";

/** To finish a long recording takes some seconds; whoever waits longer has a broken plane. */
const ANSWER_MS = 30_000;

/** What `pending` resolves to. Rejects with HttpError 504 after 30 s; `attempt` says what was asked. */
export function waitForMedia<T>(pending: Promise<T>, clock: Clock, attempt: string): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const cancel = clock.after(ANSWER_MS, () => {
    const message = `${attempt}: the media plane has said nothing for ${ANSWER_MS / 1_000} s`;
    reject(new HttpError(504, { code: "media-failed", message }));
  });
  pending.then(
    (value) => {
      cancel();
      resolve(value);
    },
    (error: unknown) => {
      cancel();
      reject(error);
    },
  );
  return promise;
}
