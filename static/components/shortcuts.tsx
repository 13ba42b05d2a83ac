/**
 * The keyboard shortcuts: single keys that rest while somebody types, a dialog that lists them, and
 * a switch that turns them off for good (WCAG 2.2, 2.1.4).
 */
import { useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { areShortcutsOn, chooseShortcuts, texts } from "../browser/settings.ts";
import type { Texts } from "../i18n/en.ts";
import { Button } from "./button.tsx";
import { CheckField } from "./field.tsx";

/** A key that does something. */
export interface Shortcut {
  /** A letter; capitals count as the same. */
  readonly key: string;
  readonly text: (t: Texts) => string;
  readonly run: () => void;
}

/** The button in the header, its dialog, and the keys themselves. */
export function Shortcuts({ shortcuts, more = [] }: {
  shortcuts: readonly Shortcut[];
  /** Keys of single elements, for the list alone. */
  more?: readonly { readonly keys: readonly string[]; readonly text: string }[];
}): JSX.Element {
  const t = texts.value;
  const dialog = useRef<HTMLDialogElement>(null);
  useSignalEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!areShortcutsOn.peek() || isTaken(event)) return;
      if (event.key === "?") dialog.current?.showModal();
      else shortcuts.find(({ key }) => key === event.key.toLowerCase())?.run();
      if (event.key === "?" || shortcuts.some(({ key }) => key === event.key.toLowerCase())) {
        event.preventDefault();
      }
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  });
  return (
    <>
      <Button
        icon="keyboard"
        label={t.shortcuts}
        onPress={() => dialog.current?.showModal()}
      />
      <dialog
        ref={dialog}
        aria-labelledby="shortcuts-title"
        class="m-auto w-[min(26rem,calc(100vw-2rem))] rounded-xl border border-line bg-surface p-5 text-ink shadow-2xl"
      >
        <h2 id="shortcuts-title" class="mb-3 font-semibold">{t.shortcuts}</h2>
        <dl class="grid grid-cols-[auto_1fr] items-baseline gap-x-4 gap-y-2 text-sm">
          <KeyRow keys={["?"]} text={t.shortcutHelp} />
          {shortcuts.map(({ key, text }) => <KeyRow key={key} keys={[key]} text={text(t)} />)}
          {more.map(({ keys, text }) => <KeyRow key={text} keys={keys} text={text} />)}
        </dl>
        <p class="mt-3 text-xs text-muted">{t.shortcutsHint}</p>
        <div class="mt-3 flex items-center justify-between gap-3 border-t border-line pt-3">
          <CheckField
            id="shortcuts-on"
            label={t.shortcutsOn}
            isOn={areShortcutsOn.value}
            onChange={(isOn) => chooseShortcuts(isOn ? "on" : "off")}
          />
          <Button onPress={() => dialog.current?.close()}>{t.close}</Button>
        </div>
      </dialog>
    </>
  );
}

function KeyRow({ keys, text }: { keys: readonly string[]; text: string }): JSX.Element {
  return (
    <>
      <dt class="flex gap-1">
        {keys.map((key) => (
          <kbd
            key={key}
            class="min-w-[1.5rem] rounded-md border border-line border-b-2 bg-sunken px-1.5 text-center font-mono text-xs leading-5"
          >
            {key}
          </kbd>
        ))}
      </dt>
      <dd class="text-muted">{text}</dd>
    </>
  );
}

/** Whether the key belongs to somebody else: a field, a choice, the browser, an open dialog. */
function isTaken(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return true;
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.closest("input, select, textarea, dialog") !== null;
}
