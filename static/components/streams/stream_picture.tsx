/** The pictures of one stream: an image that the browser loads, and words where none comes. */
import { useSignal, useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { pageClock } from "../../browser/page_clock.ts";
import { fetchRefusal } from "../../browser/streams_api.ts";
import { texts } from "../../browser/settings.ts";
import type { Texts } from "../../i18n/en.ts";
import { REFRESH_MS } from "../../state/streams_wall.ts";
import { Button } from "../button.tsx";

/** What to load, and how it is called. */
export interface StreamPictureProps {
  readonly address: string;
  /** Where the server says in words why nothing comes: the address of a single picture. */
  readonly jpgAddress: string;
  readonly label: string;
}

/** The image. Its parent gives it another key where it is to be loaded anew. */
export function StreamPicture(props: StreamPictureProps): JSX.Element {
  const t = texts.value;
  const image = useRef<HTMLImageElement>(null);
  /** Why nothing comes; empty: nobody knows. */
  const refusal = useSignal<string | undefined>(undefined);
  const attempt = useSignal(0);
  useEffect(() => {
    const { current } = image;
    // A browser goes on to load pictures into an image that has left the page.
    return () => current?.removeAttribute("src");
  }, []);
  useSignalEffect(() => {
    if (refusal.value === undefined) return;
    return pageClock.after(REFRESH_MS, () => again());
  });
  const again = () => {
    refusal.value = undefined;
    attempt.value++;
  };
  const failed = async () => {
    refusal.value = await fetchRefusal(props.jpgAddress) ?? "";
  };
  return (
    <div class="relative">
      <img
        ref={image}
        src={attempt.value === 0 ? props.address : `${props.address}.${attempt.value}`}
        alt={props.label}
        class="block aspect-video w-full bg-tile object-contain"
        onError={() => void failed()}
        onLoad={() => refusal.value = undefined}
      />
      {refusal.value !== undefined && (
        <div class="absolute inset-0 flex flex-col items-center justify-center gap-3 bg-tile p-4 text-center text-sm text-on-tile">
          <p>{wordsFor(refusal.value, t)}</p>
          <Button size="small" onPress={again}>{t.streams.tryAgain}</Button>
        </div>
      )}
    </div>
  );
}

function wordsFor(code: string, { streams, errors }: Texts): string {
  switch (code) {
    case "nothing-shown":
      return streams.cameraOff;
    case "media-failed":
      return streams.cannotSend;
    default:
      return Object.entries(errors).find(([known]) => known === code)?.[1] ?? streams.noPicture;
  }
}
