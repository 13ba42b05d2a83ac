/** A titled region of the page: a landmark with a heading, and what can be done beside it. */
import type { ComponentChildren, JSX } from "preact";

/** A panel. */
export function Panel(props: {
  readonly id: string;
  readonly title: string;
  /** Stands beside the title: a count, a state. */
  readonly aside?: ComponentChildren;
  readonly actions?: ComponentChildren;
  readonly children: ComponentChildren;
  readonly class?: string;
}): JSX.Element {
  return (
    <section
      aria-labelledby={`${props.id}-title`}
      class={`flex min-w-0 flex-col rounded-xl border border-line bg-surface ${props.class ?? ""}`}
    >
      <header class="flex min-h-[3rem] flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2">
        <h2 id={`${props.id}-title`} class="text-sm font-semibold">{props.title}</h2>
        {props.aside && <div class="text-xs text-muted">{props.aside}</div>}
        {props.actions && <div class="ml-auto flex items-center gap-1">{props.actions}</div>}
      </header>
      <div class="flex min-h-0 min-w-0 flex-1 flex-col px-4 pb-4">{props.children}</div>
    </section>
  );
}

/** What a panel says while it has nothing to show. */
export function Empty({ children }: { children: ComponentChildren }): JSX.Element {
  return <p class="py-2 text-sm text-muted text-pretty">{children}</p>;
}

/** A short fact in a frame: a role, a kind, a code. */
export function Chip(
  { children, tone = "plain" }: {
    children: ComponentChildren;
    tone?: "plain" | "accent" | "danger" | "warn";
  },
): JSX.Element {
  const tones = {
    plain: "border-line text-muted",
    accent: "border-transparent bg-accent-soft text-accent",
    danger: "border-transparent bg-danger-soft text-danger",
    warn: "border-transparent bg-warn-soft text-warn",
  };
  return (
    <span
      class={`inline-flex items-center whitespace-nowrap rounded-md border px-1.5 text-xs font-medium leading-5 ${
        tones[tone]
      }`}
    >
      {children}
    </span>
  );
}
