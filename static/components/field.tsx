/** Labelled fields: a text field with its hint and its error, a choice, a switch. */
import type { ComponentChildren, JSX } from "preact";

const control =
  "h-9 w-full min-w-0 rounded-lg border border-edge bg-surface px-2.5 text-sm text-ink " +
  "disabled:(cursor-not-allowed bg-sunken border-line text-muted)";
const readOnlyControl = "!border-line !bg-sunken";

/** A text field. */
export function TextField(props: {
  readonly id: string;
  readonly label: string;
  /** Stands beside the label. */
  readonly note?: string;
  readonly hint?: string | undefined;
  /** What is wrong with the value; the field says so, and a screen reader with it. */
  readonly error?: string | undefined;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly isReadOnly?: boolean;
  readonly isCode?: boolean;
  readonly isLabelHidden?: boolean;
  readonly placeholder?: string;
  readonly maxLength?: number;
}): JSX.Element {
  const { id, label, note, hint, error } = props;
  const below = error ?? hint;
  return (
    <div class="min-w-0">
      <Label id={id} isHidden={props.isLabelHidden ?? false}>
        {label} {note && <span class="font-normal text-muted">({note})</span>}
      </Label>
      <input
        id={id}
        type="text"
        class={`${control} ${props.isCode ? "font-mono" : ""} ${error ? "!border-danger" : ""} ${
          props.isReadOnly ? readOnlyControl : ""
        }`}
        value={props.value}
        readOnly={props.isReadOnly ?? false}
        placeholder={props.placeholder}
        maxLength={props.maxLength}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        aria-invalid={error ? true : undefined}
        aria-describedby={below ? `${id}-below` : undefined}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
      {below && (
        <p id={`${id}-below`} class={`mt-1 text-xs ${error ? "text-danger" : "text-muted"}`}>
          {below}
        </p>
      )}
    </div>
  );
}

/** A choice of one. */
export function SelectField(props: {
  readonly id: string;
  readonly label: string;
  readonly isLabelHidden?: boolean;
  readonly value: string;
  readonly choices: readonly { readonly value: string; readonly text: string }[];
  readonly onChange: (value: string) => void;
  readonly isDisabled?: boolean;
  readonly class?: string;
}): JSX.Element {
  return (
    <div class={`min-w-0 ${props.class ?? ""}`}>
      <Label id={props.id} isHidden={props.isLabelHidden ?? false}>{props.label}</Label>
      <select
        id={props.id}
        class={`${control} choice text-ellipsis`}
        value={props.value}
        disabled={props.isDisabled ?? false}
        onChange={(event) => props.onChange(event.currentTarget.value)}
      >
        {props.choices.map(({ value, text }) => (
          <option key={value} value={value} selected={value === props.value}>{text}</option>
        ))}
      </select>
    </div>
  );
}

/** Something that is on or off. */
export function CheckField(props: {
  readonly id: string;
  readonly label: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}): JSX.Element {
  return (
    <label for={props.id} class="inline-flex h-9 items-center gap-2 whitespace-nowrap text-sm">
      <input
        id={props.id}
        type="checkbox"
        class="h-4 w-4"
        checked={props.isOn}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
      {props.label}
    </label>
  );
}

/** The label of a field; hidden ones are for screen readers. */
export function Label(
  { id, isHidden, children }: { id: string; isHidden: boolean; children: ComponentChildren },
): JSX.Element {
  return (
    <label for={id} class={isHidden ? "sr-only" : "mb-1 block text-xs font-medium text-ink"}>
      {children}
    </label>
  );
}
