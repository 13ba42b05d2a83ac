/** The choice of devices during a call; what is chosen counts at once. */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { texts } from "../../browser/settings.ts";
import type { DeviceKind } from "../../state/media_port.ts";
import type { OwnMedia } from "../../state/own_media.ts";
import { Button } from "../button.tsx";
import { DeviceChoices, MediaSwitches } from "./device_settings.tsx";
import { LevelMeter } from "./level_meter.tsx";
import { MediaFaults } from "./media_fault.tsx";

/** The dialog; what is in it is there while it is open, so no meter runs for nobody. */
export function DevicesDialog({ media, isOpen, onClose, title, kinds, children }: {
  media: OwnMedia;
  isOpen: boolean;
  onClose: () => void;
  /** Default: what a meeting calls it. */
  title?: string;
  /** Default: all. */
  kinds?: readonly DeviceKind[];
  /** More choices, after the devices. */
  children?: ComponentChildren;
}): JSX.Element {
  const t = texts.value;
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  return (
    <dialog
      ref={dialog}
      aria-labelledby="devices-title"
      onClose={onClose}
      class="m-auto w-[min(28rem,calc(100vw-2rem))] rounded-xl border border-line bg-surface p-5 text-ink shadow-2xl"
    >
      <h2 id="devices-title" class="mb-3 font-semibold">{title ?? t.meet.devices}</h2>
      {isOpen && (
        <div class="grid gap-4">
          <MediaFaults media={media} />
          <DeviceChoices media={media} id="in-call" {...(kinds && { kinds })} />
          {children}
          <LevelMeter track={media.microphone.track.value} />
          <MediaSwitches media={media} id="in-call" />
        </div>
      )}
      <div class="mt-5 flex justify-end">
        <Button onPress={() => dialog.current?.close()}>{t.close}</Button>
      </div>
    </dialog>
  );
}
