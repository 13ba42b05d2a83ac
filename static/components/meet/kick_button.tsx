/** Removes somebody from the room, once the host has confirmed it. */
import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import type { UserId } from "../../../src/protocol/mod.ts";
import type { Meeting } from "../../state/meeting.ts";
import { Button } from "../button.tsx";
import type { Question } from "./confirm_dialog.tsx";

/** What the button and its question say; each kind of room has words of its own. */
export interface KickWords {
  /** For those who hear the button: with the name. */
  readonly label: string;
  readonly title: string;
  readonly text: string;
  /** On the button, and on the answer that does it. */
  readonly answer: string;
}

/** The button for `userId`. */
export function KickButton({ userId, words, meeting, question }: {
  userId: UserId;
  words: KickWords;
  meeting: Meeting;
  question: Signal<Question | undefined>;
}): JSX.Element {
  const { label, title, text, answer } = words;
  const run = () => void meeting.moderation.kick(userId);
  return (
    <Button
      size="small"
      weight="danger"
      icon="leave"
      label={label}
      onPress={() => {
        question.value = { title, text, answers: [{ text: answer, weight: "danger", run }] };
      }}
    >
      {answer}
    </Button>
  );
}
