/** `/live`: watch with a code, or go live. */
import { useEffect } from "preact/hooks";
import type { JSX } from "preact";
import { texts } from "../../browser/settings.ts";
import { Button } from "../button.tsx";
import { focusLater } from "../focus.ts";
import { Panel } from "../panel.tsx";
import { CODE_FIELD_ID } from "./code_field.tsx";
import { WatchForm } from "./watch_form.tsx";

/** The view; `onBroadcast` leads to the preview, and opens no camera before that. */
export function LiveDoor({ onBroadcast }: { onBroadcast: () => void }): JSX.Element {
  const t = texts.value.liveRoom;
  useEffect(() => focusLater(CODE_FIELD_ID), []);
  return (
    <div class="mx-auto w-full max-w-3xl px-4 py-8 md:(px-6 py-14)">
      <h1 class="text-2xl font-semibold tracking-tight text-balance md:text-3xl">
        {t.doorTitle}
      </h1>
      <p class="mt-2 text-muted text-pretty">{t.doorLead}</p>
      <div class="mt-6 grid items-start gap-4 md:grid-cols-2">
        <Panel id="watch" title={t.watch}>
          <p class="mb-4 text-sm text-muted text-pretty">{t.watchHint}</p>
          <WatchForm />
        </Panel>
        <Panel id="broadcast" title={t.goLive}>
          <p class="mb-4 text-sm text-muted text-pretty">{t.goLiveHint}</p>
          <Button
            id="open-studio"
            icon="camera"
            weight="primary"
            class="!h-11 self-start !text-base"
            onPress={onBroadcast}
          >
            {t.openStudio}
          </Button>
        </Panel>
      </div>
    </div>
  );
}
