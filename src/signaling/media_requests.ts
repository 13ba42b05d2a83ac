/**
 * The messages that ask the media of a room for something, and their replies (rules PB1, SB1, SB3, MS1).
 * Unlike all others they are answered by another process, in a moment; the dispatch hands them here.
 */
import type { Clock } from "../base/mod.ts";
import type { ClientMessageOf } from "../protocol/mod.ts";
import { type Outcome, type Seat, SILENT } from "../rooms/mod.ts";
import { answerInTime } from "./media_answers.ts";
import { countersOf } from "./media_counters.ts";

/** A message that the media plane answers. */
export type MediaRequest = ClientMessageOf<
  "publish" | "subscription-answer" | "subscribe" | "media-stats"
>;

/** What comes of `message`, in a moment. Throws and rejects with ProtocolError. */
export function askMedia(
  { room: { media }, participant }: Seat,
  message: MediaRequest,
  clock: Clock,
): Promise<Outcome> {
  switch (message.type) {
    case "publish": {
      const { description: { sdp }, tracks } = message;
      const pending = media.publish(participant, { sdp, tracks });
      return answerInTime(pending, clock, "Cannot publish").then((answer) => ({
        reply: {
          type: "published",
          description: { type: "answer", sdp: answer.sdp },
          tracks: [...answer.tracks],
        },
        outbound: [],
      }));
    }
    case "subscription-answer": {
      const { connection, description: { sdp } } = message;
      const pending = media.answer(participant, { connection, sdp });
      return answerInTime(pending, clock, "Cannot take the subscription-answer").then(silent);
    }
    case "subscribe": {
      const { trackId, maxHeight, paused } = message;
      const pending = media.subscribe(participant, { trackId, maxHeight, isPaused: paused });
      return answerInTime(pending, clock, "Cannot subscribe").then(silent);
    }
    case "media-stats": {
      const pending = media.counts(participant);
      return answerInTime(pending, clock, "Cannot show media-stats").then((counted) => ({
        reply: countersOf(counted),
        outbound: [],
      }));
    }
  }
}

function silent(): Outcome {
  return SILENT;
}
