/** What an address shows that the page does not know; the server sends nobody here by itself. */
import type { JSX } from "preact";
import { texts } from "../browser/settings.ts";
import { ButtonLink } from "../components/button.tsx";
import { PageFrame } from "../components/page_frame.tsx";

/** The page. */
export function NotFoundPage(): JSX.Element {
  const t = texts.value;
  return (
    <PageFrame place="none">
      <div class="mx-auto flex max-w-5xl flex-col items-start gap-6 px-4 py-16 md:px-6">
        <h1 class="text-2xl font-semibold">{t.notFound}</h1>
        <ButtonLink href="/" weight="primary">{t.start}</ButtonLink>
      </div>
    </PageFrame>
  );
}
