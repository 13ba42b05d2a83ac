/** Before a meeting: how one looks and sounds, with which devices, under which name. */
import { useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { MAX_NAME_LENGTH } from "../../../src/protocol/limits.ts";
import { texts } from "../../browser/settings.ts";
import type { Texts } from "../../i18n/en.ts";
import type { Entry } from "../../state/entry.ts";
import type { Meeting } from "../../state/meeting.ts";
import type { Refusal } from "../../state/meeting_phase.ts";
import { Button } from "../button.tsx";
import { TextField } from "../field.tsx";
import { focusLater } from "../focus.ts";
import { Icon } from "../icon.tsx";
import { Avatar } from "./avatar.tsx";
import { CallButton } from "./call_button.tsx";
import { DeviceChoices, MediaSwitches } from "./device_settings.tsx";
import { InviteButtons } from "./invite_button.tsx";
import { SoundCheck } from "./sound_check.tsx";
import { VideoView } from "./media_view.tsx";

/** The view; `refusal` is what the server had against the last attempt. */
export function Prejoin(
  { meeting, entry, refusal }: { meeting: Meeting; entry: Entry; refusal: Refusal | undefined },
): JSX.Element {
  const t = texts.value;
  const { media } = meeting;
  return (
    <div class="mx-auto grid w-full max-w-5xl gap-6 px-4 py-6 md:(px-6 py-10) lg:grid-cols-[minmax(0,1fr)_22rem]">
      <div class="min-w-0">
        <Preview meeting={meeting} entry={entry} />
        <SoundCheck media={media} />
      </div>
      <div class="min-w-0">
        <h1 class="text-2xl font-semibold tracking-tight text-balance">{t.meet.readyToJoin}</h1>
        <p class="mt-1 text-sm text-muted">
          {t.meet.meetingCode} <bdi class="font-mono text-ink">{entry.roomId}</bdi>
        </p>
        <JoinForm meeting={meeting} entry={entry} refusal={refusal} t={t} />
        <details class="group mt-5 rounded-xl border border-line bg-surface" open>
          <summary class="flex h-11 cursor-pointer items-center justify-between px-4 text-sm font-medium">
            {t.meet.devices}
            <Icon name="chevron" class="transition-transform group-open:rotate-90" />
          </summary>
          <div class="grid gap-4 px-4 pb-4">
            <DeviceChoices media={media} id="ahead" />
            <MediaSwitches media={media} id="ahead" />
          </div>
        </details>
        <div class="mt-5">
          <InviteButtons roomId={entry.roomId} />
        </div>
      </div>
    </div>
  );
}

function Preview({ meeting, entry }: { meeting: Meeting; entry: Entry }): JSX.Element {
  const t = texts.value.meet;
  const { media } = meeting;
  const camera = media.camera.track.value;
  const status = media.camera.status.value;
  const isMicrophoneOn = media.isMicrophoneSwitchedOn.value;
  const isCameraOn = media.isCameraSwitchedOn.value;
  const name = entry.name.value.trim() || entry.userId.value;
  return (
    <section
      aria-label={t.preview}
      class="tile relative aspect-video w-full overflow-hidden rounded-2xl bg-tile text-on-tile"
    >
      <div class="flex h-full flex-col items-center justify-center gap-3 pb-12">
        <Avatar userId={entry.userId.value} name={name} size="large" />
        <p class="text-sm">{status.state === "starting" ? t.cameraStarts : t.cameraIsOff}</p>
      </div>
      {camera && <VideoView track={camera} isMirrored label={t.preview} />}
      <div class="absolute inset-x-0 bottom-3 flex justify-center gap-3">
        <CallButton
          id="before-microphone"
          icon={isMicrophoneOn ? "microphone" : "microphone-off"}
          look={isMicrophoneOn ? "normal" : "off"}
          label={t.microphone}
          shortcut="m"
          isPressed={isMicrophoneOn}
          onPress={() => void media.setMicrophone(!isMicrophoneOn)}
        />
        <CallButton
          id="before-camera"
          icon={isCameraOn ? "camera" : "camera-off"}
          look={isCameraOn ? "normal" : "off"}
          label={t.camera}
          shortcut="v"
          isPressed={isCameraOn}
          onPress={() => void media.setCamera(!isCameraOn)}
        />
      </div>
    </section>
  );
}

function JoinForm({ meeting, entry, refusal, t }: {
  meeting: Meeting;
  entry: Entry;
  refusal: Refusal | undefined;
  t: Texts;
}): JSX.Element {
  const isPasscodeAsked = refusal?.code === "bad-passcode" || entry.passcode.value !== "";
  const wasTried = refusal?.code === "bad-passcode" && entry.passcode.value !== "";
  const { media } = meeting;
  const isBare = !media.isMicrophoneOn.value && !media.isCameraOn.value;
  useSignalEffect(() => {
    const phase = meeting.phase.value;
    if (phase.name !== "before" || phase.refusal === undefined) return;
    focusLater(phase.refusal.code === "bad-passcode" ? "passcode" : "join-meeting");
  });
  return (
    <form
      class="mt-5 flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        meeting.enter(entry.toRequest());
      }}
    >
      <TextField
        id="your-name"
        label={t.meet.yourName}
        note={t.optional}
        value={entry.name.value}
        maxLength={MAX_NAME_LENGTH}
        onInput={(value) => entry.name.value = value}
      />
      {isPasscodeAsked && (
        <TextField
          id="passcode"
          label={t.meet.passcode}
          value={entry.passcode.value}
          hint={t.meet.passcodeHint}
          error={wasTried ? t.meet.passcodeWrong : undefined}
          onInput={(value) => entry.passcode.value = value}
        />
      )}
      {refusal && refusal.code !== "bad-passcode" && (
        <RefusalNote meeting={meeting} entry={entry} refusal={refusal} t={t} />
      )}
      <Button id="join-meeting" isSubmit weight="primary" class="!h-11 !text-base">
        {t.meet.joinNow}
      </Button>
      {isBare && <p class="text-xs text-muted text-pretty">{t.meet.joinBare}</p>}
    </form>
  );
}

/** What the server had against it, and what can be done. */
function RefusalNote({ meeting, entry, refusal, t }: {
  meeting: Meeting;
  entry: Entry;
  refusal: Refusal;
  t: Texts;
}): JSX.Element {
  const known: string | undefined = t.errors[refusal.code];
  const help: string | undefined = t.meet.refusalHelp[refusal.code];
  return (
    <div role="alert" data-refusal={refusal.code} class="rounded-lg bg-danger-soft p-3 text-sm">
      <p class="font-medium text-danger">{known ?? refusal.code}</p>
      {help && <p class="mt-0.5 text-pretty">{help}</p>}
      {refusal.code === "user-id-taken" && (
        <Button
          class="mt-2"
          size="small"
          onPress={() => {
            entry.renumber();
            meeting.enter(entry.toRequest());
          }}
        >
          {t.meet.joinHereToo}
        </Button>
      )}
    </div>
  );
}
