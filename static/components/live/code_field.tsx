/**
 * The field for six digits: one input, so that a keyboard, a screen reader and a clipboard find what
 * they know; the numeric keypad on phones.
 */
import type { JSX } from "preact";
import { texts } from "../../browser/settings.ts";
import type { CodeEntry } from "../../state/live/code_entry.ts";
import { CODE_LENGTH } from "../../state/live/live_address.ts";
import { Label } from "../field.tsx";

/** The id of the input. */
export const CODE_FIELD_ID = "live-code";

/** The field; what is typed or pasted beyond digits never stands in it. */
export function CodeField({ entry, error }: {
  entry: CodeEntry;
  error?: string | undefined;
}): JSX.Element {
  const t = texts.value.liveRoom;
  return (
    <div>
      <Label id={CODE_FIELD_ID} isHidden={false}>{t.code}</Label>
      <input
        id={CODE_FIELD_ID}
        type="text"
        inputMode="numeric"
        autocomplete="one-time-code"
        enterkeyhint="go"
        spellcheck={false}
        placeholder={"0".repeat(CODE_LENGTH)}
        value={entry.digits.value}
        aria-invalid={error === undefined ? undefined : true}
        aria-describedby={`${CODE_FIELD_ID}-below`}
        onInput={(event) => {
          entry.input(event.currentTarget.value);
          // What was left out must not stand there, even where the digits are as before.
          event.currentTarget.value = entry.digits.peek();
        }}
        class={`h-16 w-full max-w-[19rem] rounded-xl border bg-surface pl-[.35em] text-center font-mono text-3xl font-semibold tracking-[.35em] text-ink ${
          error === undefined ? "border-edge" : "border-danger"
        }`}
      />
      <p
        id={`${CODE_FIELD_ID}-below`}
        class={`mt-1.5 text-xs ${error === undefined ? "text-muted" : "text-danger"}`}
      >
        {error ?? t.codeHint}
      </p>
    </div>
  );
}
