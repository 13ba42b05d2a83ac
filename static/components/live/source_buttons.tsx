/** What is sent: the microphone, and the camera or a screen as the picture. */
import type { JSX } from "preact";
import { texts } from "../../browser/settings.ts";
import type { Broadcast } from "../../state/live/broadcast.ts";
import { CallButton } from "../meet/call_button.tsx";

/** The buttons; `id` keeps those before and those during a broadcast apart. */
export function SourceButtons(
  { broadcast, id }: { broadcast: Broadcast; id: string },
): JSX.Element {
  const t = texts.value;
  const { media } = broadcast.meeting;
  const isMicrophoneOn = media.isMicrophoneSwitchedOn.value;
  const isScreen = broadcast.source.value === "screen";
  const isCameraOn = !isScreen && media.isCameraSwitchedOn.value;
  const isCameraOff = !isScreen && !isCameraOn;
  return (
    <>
      <CallButton
        id={`${id}-microphone`}
        icon={isMicrophoneOn ? "microphone" : "microphone-off"}
        look={isMicrophoneOn ? "normal" : "off"}
        label={t.meet.microphone}
        shortcut="m"
        isPressed={isMicrophoneOn}
        onPress={() => void media.setMicrophone(!isMicrophoneOn)}
      />
      <CallButton
        id={`${id}-camera`}
        icon={isCameraOff ? "camera-off" : "camera"}
        look={isCameraOff ? "off" : "normal"}
        label={isScreen ? t.liveRoom.showCamera : t.meet.camera}
        shortcut="v"
        isPressed={isCameraOn}
        onPress={() => void broadcast.toggleCamera()}
      />
      {media.port.canShareScreen && (
        <CallButton
          id={`${id}-screen`}
          icon="screen"
          look={isScreen ? "on" : "normal"}
          label={t.liveRoom.showScreen}
          shortcut="s"
          isPressed={isScreen}
          onPress={() => void broadcast.toggleScreen()}
        />
      )}
    </>
  );
}
