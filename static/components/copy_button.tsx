/** A button that copies, and says that it did. */
import { useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { copyText } from "../browser/clipboard.ts";
import { pageClock } from "../browser/page_clock.ts";
import { texts } from "../browser/settings.ts";
import { Button, type ButtonProps } from "./button.tsx";
import { say } from "./live_region.tsx";

/** The button shows its success this long. */
const SHOWN_MS = 1_600;

/** Copies what `text` returns at the moment of the click. */
export function CopyButton(
  { text, children, done, ...look }:
    & Pick<ButtonProps, "label" | "weight" | "size" | "isDisabled" | "class" | "icon">
    & {
      text: () => string;
      children?: ComponentChildren;
      /** What to say after copying; default "Copied". */
      done?: string;
    },
): JSX.Element {
  const isDone = useSignal(false);
  const t = texts.value;
  const copy = async () => {
    const isCopied = await copyText(text());
    say(isCopied ? done ?? t.copied : t.copyFailed);
    isDone.value = isCopied;
    pageClock.after(SHOWN_MS, () => {
      isDone.value = false;
    });
  };
  return (
    <Button icon="copy" {...look} onPress={() => void copy()}>
      {isDone.value && children !== undefined ? t.copied : children}
    </Button>
  );
}
