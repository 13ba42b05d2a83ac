/** The elements that show and play tracks. They hold no track: whoever made it ends it. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { noteBlockedSound } from "../../browser/blocked_sound.ts";

/** A picture; it fades in when the first one has come, so nobody stares at black. */
export function VideoView(
  { track, isMirrored = false, isWhole = false, label }: {
    track: MediaStreamTrack;
    /** As in a mirror, which is how people know themselves. */
    isMirrored?: boolean;
    /** Shows all of it, with bars if need be; default: fills its place. */
    isWhole?: boolean;
    label: string;
  },
): JSX.Element {
  const element = useRef<HTMLVideoElement>(null);
  const isShown = useSignal(false);
  useEffect(() => {
    const video = element.current;
    if (video === null) return;
    isShown.value = false;
    video.srcObject = new MediaStream([track]);
    video.play().catch(() => {
      // A silent picture may always play; what is refused here was taken away in the same moment.
    });
    return () => {
      video.srcObject = null;
    };
  }, [track]);
  return (
    <video
      ref={element}
      autoplay
      playsInline
      muted
      aria-label={label}
      data-shown={isShown.value ? "true" : undefined}
      onLoadedData={() => {
        isShown.value = true;
      }}
      class={`absolute inset-0 h-full w-full transition-opacity duration-200 ${
        isWhole ? "object-contain" : "object-cover"
      } ${isMirrored ? "mirrored" : ""} ${isShown.value ? "opacity-100" : "opacity-0"}`}
    />
  );
}

/** A sound, from the chosen speaker where the browser can choose one. */
export function SoundOutput(
  { track, speakerId, ...data }: {
    track: MediaStreamTrack;
    speakerId: string;
    "data-sound"?: string;
  },
): JSX.Element {
  const element = useRef<HTMLAudioElement>(null);
  useEffect(() => {
    const audio = element.current;
    if (audio === null) return;
    audio.srcObject = new MediaStream([track]);
    audio.play().catch((error) => noteBlockedSound(audio, error));
    return () => {
      audio.srcObject = null;
    };
  }, [track]);
  useEffect(() => {
    const audio = element.current;
    if (audio === null || !("setSinkId" in audio)) return;
    audio.setSinkId(speakerId).catch(() => {
      // That speaker is gone: the sound goes on where the browser sends it.
    });
  }, [speakerId]);
  return <audio ref={element} autoplay {...data} />;
}
