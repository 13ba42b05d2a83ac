/** A QR code: black on white in both themes, because readers want it so. */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { drawQr } from "../../state/live/qr_drawing.ts";

/** The code of `text`. */
export function QrCode({ text, label }: { text: string; label: string }): JSX.Element {
  const { side, path } = useMemo(() => drawQr(text), [text]);
  return (
    <svg
      role="img"
      aria-label={label}
      data-qr={text}
      viewBox={`0 0 ${side} ${side}`}
      shape-rendering="crispEdges"
      class="w-full max-w-[13rem] rounded-lg border border-line"
    >
      <rect width={side} height={side} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
