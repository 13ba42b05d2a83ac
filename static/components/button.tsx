/** The buttons of the page, in four weights; every one of them says what it does. */
import type { ComponentChildren, JSX } from "preact";
import { Icon, type IconName } from "./icon.tsx";

const base =
  "inline-flex h-9 items-center justify-center gap-1.5 whitespace-nowrap rounded-lg border px-3 text-sm font-medium " +
  "transition-colors disabled:(cursor-not-allowed opacity-50)";

const weights = {
  primary:
    "border-accent bg-accent text-on-accent hover:enabled:(bg-accent-strong border-accent-strong)",
  normal: "border-line bg-surface text-ink hover:enabled:(border-edge bg-sunken)",
  quiet: "border-transparent text-muted hover:enabled:(bg-sunken text-ink)",
  danger: "border-line bg-surface text-danger hover:enabled:(border-danger bg-danger-soft)",
} as const;

const sizes = { normal: "", small: "!h-8 !px-2 !text-xs" } as const;

/** What a button is made of. */
export interface ButtonProps {
  /** The text; with `label` it may be an icon alone. */
  readonly children?: ComponentChildren;
  readonly icon?: IconName;
  /** What a screen reader says instead of the text; also the tooltip. */
  readonly label?: string;
  /** Default `normal`. */
  readonly weight?: keyof typeof weights;
  /** Default `normal`. */
  readonly size?: keyof typeof sizes;
  /** A toggle says whether it is on. */
  readonly isPressed?: boolean;
  /** Whether what it opens is open. */
  readonly isExpanded?: boolean;
  readonly isDisabled?: boolean;
  /** Submits its form; default: does what `onPress` does. */
  readonly isSubmit?: boolean;
  readonly onPress?: () => void;
  readonly class?: string;
  readonly id?: string;
}

/** A button. */
export function Button(props: ButtonProps): JSX.Element {
  const { children, icon, label, weight = "normal", size = "normal", isPressed } = props;
  const pressed = isPressed ? "!border-accent !bg-accent-soft !text-accent" : "";
  return (
    <button
      type={props.isSubmit ? "submit" : "button"}
      id={props.id}
      class={`${base} ${weights[weight]} ${sizes[size]} ${pressed} ${props.class ?? ""}`}
      aria-label={label}
      title={label}
      aria-pressed={isPressed}
      aria-expanded={props.isExpanded}
      disabled={props.isDisabled}
      onClick={props.onPress}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

/** A link that looks like a button, because it leads somewhere else. */
export function ButtonLink(
  { href, children, weight = "normal", class: classes = "", label, id, isNewWindow = false }: {
    href: string;
    id?: string;
    children: ComponentChildren;
    weight?: keyof typeof weights;
    class?: string;
    label?: string;
    /** Opens beside this page; the label says so. Default: in its place. */
    isNewWindow?: boolean;
  },
): JSX.Element {
  const look = weights[weight].replaceAll("hover:enabled:", "hover:");
  return (
    <a
      href={href}
      id={id}
      aria-label={label}
      title={isNewWindow ? label : undefined}
      target={isNewWindow ? "_blank" : undefined}
      rel={isNewWindow ? "noopener" : undefined}
      class={`${base} ${look} ${classes}`}
    >
      {children}
    </a>
  );
}
