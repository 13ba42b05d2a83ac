/** The elements that show and play tracks. They hold no track: whoever made it ends it. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { noteBlockedSound } from "../../browser/blocked_sound.ts";

/** One element of a picture; the newest is the one to be seen as soon as it has something to show. */
interface Layer {
  readonly key: number;
  readonly track: MediaStreamTrack;
  readonly isLoaded: boolean;
}

/**
 * A picture; it fades in when the first one has come, so nobody stares at black. Another track takes
 * the place of the last one without a gap: both are there until the new one has something to show.
 */
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
  const layers = useSignal<readonly Layer[]>([{ key: 0, track, isLoaded: false }]);
  useEffect(() => {
    const newest = layers.peek().at(-1);
    if (newest === undefined || newest.track === track) return;
    const shown = layers.peek().filter(({ isLoaded }) => isLoaded);
    layers.value = [...shown, { key: newest.key + 1, track, isLoaded: false }];
  }, [track]);
  const loaded = (key: number) => {
    layers.value = layers.peek()
      .filter((layer) => layer.key >= key)
      .map((layer) => layer.key === key ? { ...layer, isLoaded: true } : layer);
  };
  return (
    <>
      {layers.value.map(({ key, track, isLoaded }) => (
        <VideoLayer
          key={key}
          track={track}
          isShown={isLoaded}
          fades={key === 0}
          onLoaded={() => loaded(key)}
          label={label}
          look={`${isWhole ? "object-contain" : "object-cover"} ${isMirrored ? "mirrored" : ""}`}
        />
      ))}
    </>
  );
}

function VideoLayer(
  { track, isShown, fades, onLoaded, label, look }: {
    track: MediaStreamTrack;
    isShown: boolean;
    /** Whether there was nothing before it. */
    fades: boolean;
    onLoaded: () => void;
    label: string;
    look: string;
  },
): JSX.Element {
  const element = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const video = element.current;
    if (video === null) return;
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
      data-shown={isShown ? "true" : undefined}
      onLoadedData={onLoaded}
      class={`absolute inset-0 h-full w-full ${look} ${
        fades ? "transition-opacity duration-200" : ""
      } ${isShown ? "opacity-100" : "opacity-0"}`}
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
