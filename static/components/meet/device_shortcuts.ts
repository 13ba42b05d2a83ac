/** The keys of microphone and camera, the same before a meeting and in it. */
import type { Meeting } from "../../state/meeting.ts";
import type { Shortcut } from "../shortcuts.tsx";

/** The two keys. */
export function deviceShortcuts({ media }: Meeting): readonly Shortcut[] {
  return [
    {
      key: "m",
      text: ({ meet }) => meet.keyMicrophone,
      run: () => void media.setMicrophone(!media.isMicrophoneSwitchedOn.peek()),
    },
    {
      key: "v",
      text: ({ meet }) => meet.keyCamera,
      run: () => void media.setCamera(!media.isCameraSwitchedOn.peek()),
    },
  ];
}
