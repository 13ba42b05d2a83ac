/** What the server had against it, in words, and what can be done. */
import type { JSX } from "preact";
import { texts } from "../../browser/settings.ts";
import type { Refusal } from "../../state/meeting_phase.ts";
import type { Texts } from "../../i18n/en.ts";

/** What was refused. */
export type Refused = "viewing" | "broadcast";

/** The note; read aloud as it comes. */
export function RefusalNote(
  { refusal, of }: { refusal: Refusal; of: Refused },
): JSX.Element {
  const { title, help } = refusalText(refusal, texts.value, of);
  return (
    <div role="alert" data-refusal={refusal.code} class="rounded-lg bg-danger-soft p-3 text-sm">
      <p class="font-medium text-danger">{title}</p>
      {help && <p class="mt-0.5 text-pretty">{help}</p>}
    </div>
  );
}

/** The words of a refusal; by default that of a viewing. */
export function refusalText(
  { code, message }: Refusal,
  t: Texts,
  of: Refused = "viewing",
): { readonly title: string; readonly help: string | undefined } {
  if (of === "broadcast" && code === "not-allowed") {
    // Its host key is missing or another's (rule CR7): nobody was removed.
    return { title: t.liveRoom.notYourCode, help: t.liveRoom.notYourCodeHelp };
  }
  const known: string | undefined = t.errors[code]; // A newer server may know more codes.
  return {
    title: t.liveRoom.refusals[code] ?? known ?? message,
    help: t.liveRoom.refusalHelp[code],
  };
}
