/** The way to a broadcast by its code: it leads on by itself with the sixth digit. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { texts } from "../../browser/settings.ts";
import { CodeEntry } from "../../state/live/code_entry.ts";
import { livePath } from "../../state/live/live_address.ts";
import { Button } from "../button.tsx";
import { focusLater } from "../focus.ts";
import { CODE_FIELD_ID, CodeField } from "./code_field.tsx";

/** The form. */
export function WatchForm(): JSX.Element {
  const t = texts.value.liveRoom;
  const isIncomplete = useSignal(false);
  const entry = useMemo(() => new CodeEntry(watch), []);
  const isWhole = entry.roomId.value !== undefined;
  return (
    <form
      class="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        const roomId = entry.roomId.peek();
        if (roomId !== undefined) return watch(roomId);
        isIncomplete.value = true;
        focusLater(CODE_FIELD_ID);
      }}
    >
      <CodeField
        entry={entry}
        error={isIncomplete.value && !isWhole ? t.codeIncomplete : undefined}
      />
      <Button id="watch-code" isSubmit weight="primary" class="!h-11 self-start !text-base">
        {t.watchNow}
      </Button>
    </form>
  );
}

/** `?path=` goes along: whoever demands a path means it for the next code too. */
function watch(roomId: string): void {
  location.assign(livePath(roomId) + location.search);
}
