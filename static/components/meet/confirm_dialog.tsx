/** Asks before something that cannot be taken back. Escape and Cancel do nothing. */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { texts } from "../../browser/settings.ts";
import { Button } from "../button.tsx";

/** A question and its answers, the first of them the one that was meant. */
export interface Question {
  readonly title: string;
  readonly text: string;
  readonly answers: readonly {
    readonly text: string;
    readonly weight: "primary" | "danger";
    readonly run: () => void;
  }[];
}

/** Shows `question` while there is one. */
export function ConfirmDialog(
  { question, onClose }: { question: Question | undefined; onClose: () => void },
): JSX.Element {
  const t = texts.value.meet;
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (question === undefined) dialog.current?.close();
    else dialog.current?.showModal();
  }, [question]);
  return (
    <dialog
      ref={dialog}
      aria-labelledby="question-title"
      onClose={onClose}
      class="m-auto w-[min(24rem,calc(100vw-2rem))] rounded-xl border border-line bg-surface p-5 text-ink shadow-2xl"
    >
      <h2 id="question-title" class="font-semibold">{question?.title ?? ""}</h2>
      <p class="mt-2 text-sm text-muted text-pretty">{question?.text}</p>
      <div class="mt-5 flex flex-wrap justify-end gap-2">
        <Button onPress={() => dialog.current?.close()}>{t.cancel}</Button>
        {question?.answers.map(({ text, weight, run }) => (
          <Button
            key={text}
            weight={weight}
            onPress={() => {
              dialog.current?.close();
              run();
            }}
          >
            {text}
          </Button>
        ))}
      </div>
    </dialog>
  );
}
