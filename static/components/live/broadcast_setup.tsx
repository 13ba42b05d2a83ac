/** Before a broadcast: how one looks and sounds, in which quality, under which name. */
import { useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { MAX_NAME_LENGTH } from "../../../src/protocol/limits.ts";
import { texts } from "../../browser/settings.ts";
import type { Broadcast } from "../../state/live/broadcast.ts";
import type { Refusal } from "../../state/meeting_phase.ts";
import { Button, ButtonLink } from "../button.tsx";
import { TextField } from "../field.tsx";
import { focusLater } from "../focus.ts";
import { DeviceChoices, MediaSwitches } from "../meet/device_settings.tsx";
import { SoundCheck } from "../meet/sound_check.tsx";
import { Icon } from "../icon.tsx";
import { BroadcastPicture } from "./broadcast_picture.tsx";
import { QualityChoice } from "./quality_choice.tsx";
import { RefusalNote } from "./refusal_note.tsx";
import { SourceButtons } from "./source_buttons.tsx";

/** The id of the button that everything here leads to. */
export const GO_LIVE_ID = "go-live-now";

/** The view; `refusal` is what the server had against the last attempt. */
export function BroadcastSetup(
  { broadcast, refusal }: { broadcast: Broadcast; refusal: Refusal | undefined },
): JSX.Element {
  const t = texts.value;
  const { media } = broadcast.meeting;
  const isAsking = broadcast.codeStatus.value === "asking";
  useSignalEffect(() => {
    if (broadcast.codeStatus.value === "failed") focusLater(GO_LIVE_ID);
  });
  return (
    <div class="mx-auto grid w-full max-w-5xl gap-6 px-4 py-6 md:(px-6 py-10) lg:grid-cols-[minmax(0,1fr)_22rem]">
      <div class="min-w-0">
        <div class="relative aspect-video w-full overflow-hidden rounded-2xl bg-tile text-on-tile">
          <BroadcastPicture broadcast={broadcast} />
          <div class="absolute inset-x-0 bottom-3 flex justify-center gap-3">
            <SourceButtons broadcast={broadcast} id="before" />
          </div>
        </div>
        <SoundCheck media={media} />
      </div>
      <div class="min-w-0">
        <h1 class="text-2xl font-semibold tracking-tight text-balance">
          {t.liveRoom.studioTitle}
        </h1>
        <form
          class="mt-5 flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            void broadcast.goLive();
          }}
        >
          <QualityChoice broadcast={broadcast} id="quality-ahead" />
          <TextField
            id="broadcaster-name"
            label={t.liveRoom.yourName}
            note={t.optional}
            value={broadcast.name.value}
            maxLength={MAX_NAME_LENGTH}
            onInput={(value) => broadcast.name.value = value}
          />
          {refusal && <RefusalNote refusal={refusal} of="broadcast" />}
          {broadcast.codeStatus.value === "failed" && (
            <p role="alert" class="rounded-lg bg-danger-soft p-3 text-sm text-danger">
              {t.liveRoom.codeFailed}
            </p>
          )}
          <Button
            id={GO_LIVE_ID}
            isSubmit
            weight="primary"
            class="!h-12 !text-base"
            isDisabled={isAsking}
          >
            {isAsking ? t.liveRoom.gettingCode : t.liveRoom.goLiveNow}
          </Button>
        </form>
        <details class="group mt-5 rounded-xl border border-line bg-surface" open>
          <summary class="flex h-11 cursor-pointer items-center justify-between px-4 text-sm font-medium">
            {t.liveRoom.settings}
            <Icon name="chevron" class="transition-transform group-open:rotate-90" />
          </summary>
          <div class="grid gap-4 px-4 pb-4">
            <DeviceChoices media={media} id="ahead" kinds={["camera", "microphone"]} />
            <MediaSwitches media={media} id="ahead" />
          </div>
        </details>
        <ButtonLink href="/live" class="mt-5" weight="quiet">{t.liveRoom.toDoor}</ButtonLink>
      </div>
    </div>
  );
}
