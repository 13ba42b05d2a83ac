/** What stands between a person and a call: a card in the middle of the page, with what can be done. */
import type { ComponentChildren, JSX } from "preact";

/** The card; `isBusy`: something is under way. */
export function PassageCard(
  { title, isBusy, children }: { title: string; isBusy: boolean; children: ComponentChildren },
): JSX.Element {
  return (
    <div class="flex justify-center px-4 py-10 sm:py-16">
      <section
        aria-labelledby="passage-title"
        class="w-full max-w-md rounded-2xl border border-line bg-surface p-6"
      >
        {isBusy && (
          <span
            aria-hidden="true"
            class="lamp-pulse mb-4 block h-3 w-3 rounded-full bg-lamp-wait"
          />
        )}
        <h1 id="passage-title" class="mb-2 text-xl font-semibold text-balance">{title}</h1>
        {children}
      </section>
    </div>
  );
}

/** What can be done, side by side. */
export function CardRow({ children }: { children: ComponentChildren }): JSX.Element {
  return <div class="mt-5 flex flex-wrap gap-2">{children}</div>;
}
