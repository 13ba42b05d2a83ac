/** The round buttons of a call, large enough for a thumb; each says what it does and whether it is on. */
import type { ComponentChildren, JSX } from "preact";
import { Icon, type IconName } from "../icon.tsx";

const looks = {
  /** Something that is on or off; off is the one to notice. */
  normal: "border-line bg-surface text-ink hover:enabled:border-edge",
  on: "border-accent bg-accent-soft text-accent",
  off: "border-danger bg-danger-soft text-danger",
  leave: "border-transparent bg-[#c22b22] text-white hover:enabled:bg-[#a3221b]",
} as const;

/** What a button of a call is made of. */
export interface CallButtonProps {
  readonly id?: string;
  readonly icon: IconName;
  /** What a screen reader says; also the tooltip, with the key. */
  readonly label: string;
  /** The key that does the same. */
  readonly shortcut?: string;
  readonly look?: keyof typeof looks;
  readonly isPressed?: boolean;
  readonly isExpanded?: boolean;
  readonly isDisabled?: boolean;
  readonly onPress: () => void;
  /** Stands over the corner: a count. */
  readonly children?: ComponentChildren;
}

/** A button of a call. */
export function CallButton(props: CallButtonProps): JSX.Element {
  const { icon, label, shortcut, look = "normal" } = props;
  return (
    <button
      type="button"
      id={props.id}
      aria-label={label}
      title={shortcut === undefined ? label : `${label} (${shortcut})`}
      aria-keyshortcuts={shortcut}
      aria-pressed={props.isPressed}
      aria-expanded={props.isExpanded}
      disabled={props.isDisabled}
      onClick={props.onPress}
      class={`relative inline-flex h-10 w-10 shrink-0 sm:(h-11 w-11) items-center justify-center rounded-full border transition-colors disabled:(cursor-not-allowed opacity-50) ${
        looks[look]
      }`}
    >
      <Icon name={icon} class="!h-5 !w-5" />
      {props.children}
    </button>
  );
}

/** A small count over the corner of a button. */
export function CountBadge({ count }: { count: number }): JSX.Element | null {
  if (count === 0) return null;
  return (
    <span
      aria-hidden="true"
      class="absolute -right-1 -top-1 min-w-[1.25rem] rounded-full bg-accent px-1 text-center text-[11px] font-semibold leading-5 text-on-accent"
    >
      {count > 99 ? "99+" : count}
    </span>
  );
}
