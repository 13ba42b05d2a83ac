/** The choice of camera, microphone and speaker, and what the browser does to sound and picture. */
import type { JSX } from "preact";
import { texts } from "../../browser/settings.ts";
import { devicesOf, nameOfDevice } from "../../state/device_list.ts";
import type { DeviceKind, SoundProcessing } from "../../state/media_port.ts";
import type { OwnMedia } from "../../state/own_media.ts";
import { CheckField, SelectField } from "../field.tsx";

const KINDS = ["camera", "microphone", "speaker"] as const;
const PROCESSING = ["noiseSuppression", "echoCancellation", "autoGainControl"] as const;

/** The choices; `id` keeps two of them on one page apart. Default: all three kinds. */
export function DeviceChoices({ media, id, kinds = KINDS }: {
  media: OwnMedia;
  id: string;
  kinds?: readonly DeviceKind[];
}): JSX.Element {
  return (
    <div class="grid gap-3">
      {kinds.map((kind) => <DeviceChoice key={kind} media={media} kind={kind} id={id} />)}
    </div>
  );
}

function DeviceChoice(
  { media, kind, id }: { media: OwnMedia; kind: DeviceKind; id: string },
): JSX.Element | null {
  const t = texts.value.meet;
  const found = devicesOf(media.devices.value, kind);
  const chosen = media.chosen(kind).value;
  if (kind === "speaker" && (!media.port.canChooseSpeaker || found.length === 0)) return null;
  const isThere = found.some((device) => device.id === chosen);
  return (
    <SelectField
      id={`${id}-${kind}`}
      label={t.deviceKinds[kind]}
      value={isThere ? chosen : ""}
      choices={[
        { value: "", text: found.length === 0 ? t.noDevice : t.browserChoice },
        ...found.map((device, index) => ({
          value: device.id,
          text: nameOfDevice(device, t.deviceKinds[kind], index),
        })),
      ]}
      onChange={(deviceId) => void media.choose(kind, deviceId)}
      isDisabled={found.length === 0}
    />
  );
}

/** The switches of sound and picture. */
export function MediaSwitches({ media, id }: { media: OwnMedia; id: string }): JSX.Element {
  const t = texts.value.meet;
  const names: Readonly<Record<keyof SoundProcessing, string>> = t.processing;
  return (
    <fieldset class="grid gap-x-4 sm:grid-cols-2">
      <legend class="mb-1 text-xs font-medium">{t.soundAndPicture}</legend>
      {PROCESSING.map((name) => (
        <CheckField
          key={name}
          id={`${id}-${name}`}
          label={names[name]}
          isOn={media.sound.value[name]}
          onChange={(isOn) => void media.setSound(name, isOn)}
        />
      ))}
      {media.canBlur.value && (
        <CheckField
          id={`${id}-blur`}
          label={t.blur}
          isOn={media.isBlurred.value}
          onChange={(isOn) => void media.setBlur(isOn)}
        />
      )}
    </fieldset>
  );
}
