/** The bar under the stage: microphone, camera, share, hand, reactions, devices, leave. */
import { useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { texts } from "../../browser/settings.ts";
import type { Meeting } from "../../state/meeting.ts";
import { REACTIONS } from "../../state/reactions.ts";
import { CallButton } from "./call_button.tsx";
import { focusLater } from "../focus.ts";

/** The bar. `children` is the place for more: a recording, for one. */
export function CallControls({ meeting, onDevices, onLeave, children }: {
  meeting: Meeting;
  onDevices: () => void;
  onLeave: () => void;
  children?: ComponentChildren;
}): JSX.Element {
  const t = texts.value.meet;
  const { media } = meeting;
  const isMicrophoneOn = media.isMicrophoneSwitchedOn.value;
  const isCameraOn = media.isCameraSwitchedOn.value;
  const isSharing = media.isSharing.value;
  const isHandUp = meeting.ownState.value.hand === true;
  return (
    <div
      role="toolbar"
      aria-label={t.controls}
      class="flex flex-wrap items-center justify-center gap-1 sm:gap-2"
    >
      <CallButton
        id="call-microphone"
        icon={isMicrophoneOn ? "microphone" : "microphone-off"}
        look={isMicrophoneOn ? "normal" : "off"}
        label={t.microphone}
        shortcut="m"
        isPressed={isMicrophoneOn}
        onPress={() => void media.setMicrophone(!isMicrophoneOn)}
      />
      <CallButton
        id="call-camera"
        icon={isCameraOn ? "camera" : "camera-off"}
        look={isCameraOn ? "normal" : "off"}
        label={t.camera}
        shortcut="v"
        isPressed={isCameraOn}
        onPress={() => void media.setCamera(!isCameraOn)}
      />
      {media.port.canShareScreen && (
        <CallButton
          id="call-share"
          icon="screen"
          look={isSharing ? "on" : "normal"}
          label={t.shareScreen}
          shortcut="s"
          isPressed={isSharing}
          onPress={() => isSharing ? media.unshare() : void media.share()}
        />
      )}
      <CallButton
        id="call-hand"
        icon="hand"
        look={isHandUp ? "on" : "normal"}
        label={t.raiseHand}
        shortcut="h"
        isPressed={isHandUp}
        onPress={() => meeting.setHand(!isHandUp)}
      />
      <ReactionChoice meeting={meeting} />
      {children}
      <CallButton icon="settings" label={t.devices} onPress={onDevices} />
      <CallButton id="call-leave" icon="hang-up" look="leave" label={t.leave} onPress={onLeave} />
    </div>
  );
}

/** The signs in a row over their button; Escape or a choice closes it. */
export function ReactionChoice({ meeting }: { meeting: Meeting }): JSX.Element {
  const t = texts.value.meet;
  const isOpen = useSignal(false);
  const close = () => {
    isOpen.value = false;
    focusLater("call-react");
  };
  return (
    <div
      class="relative"
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !isOpen.value) return;
        event.stopPropagation();
        close();
      }}
    >
      <CallButton
        id="call-react"
        icon="smile"
        label={t.react}
        shortcut="r"
        look={isOpen.value ? "on" : "normal"}
        isExpanded={isOpen.value}
        onPress={() => {
          isOpen.value = !isOpen.value;
          if (isOpen.value) focusLater("reaction-0");
        }}
      />
      {isOpen.value && (
        <div
          role="group"
          aria-label={t.react}
          class="absolute bottom-[calc(100%+.5rem)] left-1/2 z-10 flex -translate-x-1/2 gap-0.5 rounded-full border border-line bg-surface p-1 shadow-xl"
        >
          {REACTIONS.map((sign, index) => (
            <button
              key={sign}
              id={`reaction-${index}`}
              type="button"
              aria-label={t.reactions[index]}
              onClick={() => {
                meeting.react(sign);
                close();
              }}
              class="h-10 w-10 rounded-full text-2xl leading-none hover:bg-sunken"
            >
              {sign}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
