/** The icons of the page: one stroke style, 24 units wide, drawn in the colour of the text. */
import type { JSX } from "preact";

const paths = {
  microphone:
    "M12 4a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V7a3 3 0 0 1 3-3ZM6 11v1a6 6 0 0 0 12 0v-1M12 18v3",
  "microphone-off":
    "M15 9V7a3 3 0 0 0-5.8-1M9 9v3a3 3 0 0 0 4.5 2.6M6 11v1a6 6 0 0 0 9.4 4.9M18 11v1c0 .7-.1 1.3-.3 1.9M12 18v3M4 4l16 16",
  camera: "M4 7h10a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V8a1 1 0 0 1 1-1ZM15 11l6-3v8l-6-3",
  "camera-off":
    "M9 7h5a1 1 0 0 1 1 1v3l6-3v8M15 16a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V8c0-.4.2-.7.5-.9M4 4l16 16",
  screen: "M4 5h16a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1ZM9 20h6M12 16v4",
  hand:
    "M8 12V6.5a1.5 1.5 0 0 1 3 0V11m0-5.5v-1a1.5 1.5 0 0 1 3 0V11m0-4.5a1.5 1.5 0 0 1 3 0V15a6 6 0 0 1-6 6c-2.5 0-4-1-5.2-3l-2.4-4a1.5 1.5 0 0 1 2.5-1.6L8 14",
  copy:
    "M9 9h10a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H9a1 1 0 0 1-1-1V10a1 1 0 0 1 1-1ZM5 15H4V5a1 1 0 0 1 1-1h10v1",
  download: "M12 4v11m0 0-4-4m4 4 4-4M5 20h14",
  pause: "M9 5v14M15 5v14",
  play: "M8 5v14l11-7Z",
  stop: "M7 7h10v10H7Z",
  file: "M7 3h7l4 4v13a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1ZM14 3v4h4",
  clear: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  link:
    "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7L12 7M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7L12 17",
  close: "M6 6l12 12M18 6 6 18",
  chevron: "M9 6l6 6-6 6",
  send: "M4 12 20 4l-5 16-3-7Z",
  keyboard: "M3 7h18v10H3ZM7 10h0M11 10h0M15 10h0M8 14h8",
  out: "M12 19V5m0 0-5 5m5-5 5 5",
  in: "M12 5v14m0 0 5-5m-5 5-5-5",
  plus: "M12 5v14M5 12h14",
  leave: "M10 5H5v14h5M14 8l4 4-4 4M18 12H9",
  arrow: "M5 12h14m0 0-5-5m5 5-5 5",
  "hang-up":
    "M4 15.5c-.8-.8-1-2-.4-3C5.2 9.8 8.4 8 12 8s6.8 1.8 8.4 4.5c.6 1 .4 2.2-.4 3l-1 .9-3.6-1.6.2-2.3a9.5 9.5 0 0 0-7.2 0l.2 2.3L5 16.4Z",
  settings: "M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4",
  smile:
    "M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17ZM8.5 14.5a4.5 4.5 0 0 0 7 0M9 9.5h0M15 9.5h0",
  people:
    "M9 5a3.2 3.2 0 1 1 0 6.4A3.2 3.2 0 0 1 9 5ZM3.5 19a5.5 5.5 0 0 1 11 0M16 5.3a3.2 3.2 0 0 1 0 5.8M17 13.8a5.5 5.5 0 0 1 3.5 5.2",
  chat: "M5 5h14a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-7l-5 4v-4H5a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1Z",
  chart: "M5 20v-6M10 20V9M15 20v-8M20 20V5",
  grid: "M4 5h7v6H4ZM13 5h7v6h-7ZM4 13h7v6H4ZM13 13h7v6h-7Z",
  focus: "M4 5h16v9H4ZM4 17h4v2H4ZM10 17h4v2h-4ZM16 17h4v2h-4Z",
  pin: "M9 4h6l-1 6 3 3H7l3-3ZM12 13v7",
  pinned: "M9 4h6l-1 6 3 3H7l3-3ZM12 13v7M4 4l16 16",
  record: "M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8ZM12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17Z",
  wave: "M4 10v4M8 7v10M12 4v16M16 7v10M20 10v4",
  window: "M14 4h6v6M20 4l-9 9M10 5H5v14h14v-5",
  more: "M5 12h2M11 12h2M17 12h2",
  speaker: "M4 9h3l5-4v14l-5-4H4ZM15.5 9a4 4 0 0 1 0 6M18 6.5a7.5 7.5 0 0 1 0 11",
  "speaker-off": "M4 9h3l5-4v14l-5-4H4ZM16 9.5l5 5M21 9.5l-5 5",
  "full-screen": "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
  floating: "M4 5h16v14H4ZM12 12h6v5h-6Z",
  star: "m12 4 2.4 5 5.6.8-4 3.9 1 5.5-5-2.7-5 2.7 1-5.5-4-3.9 5.6-.8Z",
  bolt: "M13 3 5 14h6l-1 7 8-11h-6Z",
} as const;

/** The name of an icon. */
export type IconName = keyof typeof paths;

/** An icon that says nothing to a screen reader; the text beside it does, or a label. */
export function Icon(
  { name, class: classes = "" }: { name: IconName; class?: string },
): JSX.Element {
  return (
    <svg
      viewBox="0 0 24 24"
      class={`h-4 w-4 shrink-0 ${classes}`}
      fill="none"
      stroke="currentColor"
      stroke-width="1.8"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={paths[name]} />
    </svg>
  );
}
