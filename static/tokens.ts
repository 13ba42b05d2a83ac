/**
 * The colours and the type of the page, and the few rules that no utility class expresses. Every pair
 * of text and ground that is used together has a contrast of 4.5 to 1 or more, in both themes.
 */

interface Palette {
  readonly canvas: string;
  readonly surface: string;
  readonly sunken: string;
  readonly ink: string;
  readonly muted: string;
  readonly line: string;
  readonly edge: string;
  readonly accent: string;
  readonly "accent-strong": string;
  readonly "on-accent": string;
  readonly "accent-soft": string;
  readonly inbound: string;
  readonly outbound: string;
  readonly warn: string;
  readonly "warn-soft": string;
  readonly danger: string;
  readonly "danger-soft": string;
  /** The ground of a picture that is not there yet: dark in both themes, as pictures are. */
  readonly tile: string;
  readonly "on-tile": string;
  /** Under words that lie over a picture. */
  readonly scrim: string;
  readonly "lamp-go": string;
  readonly "lamp-wait": string;
  readonly "lamp-stop": string;
  readonly "lamp-off": string;
}

const LIGHT: Palette = {
  canvas: "#f4f5f7",
  surface: "#ffffff",
  sunken: "#f7f8fa",
  ink: "#13181f",
  muted: "#55606e",
  line: "#e1e5ea",
  edge: "#868f9c",
  accent: "#0c6e52",
  "accent-strong": "#085540",
  "on-accent": "#ffffff",
  "accent-soft": "#e3f3ec",
  inbound: "#1b5fb8",
  outbound: "#7a3cbf",
  warn: "#855000",
  "warn-soft": "#fdf1dc",
  danger: "#b1271f",
  "danger-soft": "#fdeceb",
  tile: "#222a33",
  "on-tile": "#ffffff",
  scrim: "rgb(8 11 15/.72)",
  "lamp-go": "#17a673",
  "lamp-wait": "#dd9414",
  "lamp-stop": "#d8392f",
  "lamp-off": "#9aa3af",
};

const DARK: Palette = {
  canvas: "#0d1115",
  surface: "#151a20",
  sunken: "#10151a",
  ink: "#e7ebef",
  muted: "#9ca7b4",
  line: "#262d36",
  edge: "#66717f",
  accent: "#45cf9a",
  "accent-strong": "#74e0b6",
  "on-accent": "#04231a",
  "accent-soft": "#11322a",
  inbound: "#80b6ff",
  outbound: "#cba5ff",
  warn: "#f2bb58",
  "warn-soft": "#33280f",
  danger: "#ff8f86",
  "danger-soft": "#3b1b1a",
  tile: "#1b222a",
  "on-tile": "#ffffff",
  scrim: "rgb(8 11 15/.72)",
  "lamp-go": "#35d399",
  "lamp-wait": "#f0b03a",
  "lamp-stop": "#ff6a60",
  "lamp-off": "#5d6876",
};

/** The colours by name: `bg-surface`, `text-muted`, `border-line` … */
export const COLOR_NAMES: readonly string[] = Object.keys(LIGHT);

/** For reading. Only fonts that are installed: the page fetches none. */
export const SANS_FONT =
  'Inter,ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,' +
  '"PingFang SC","Hiragino Sans GB","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC",sans-serif';
/** For ids, codes and messages. */
export const MONO_FONT =
  'ui-monospace,"SF Mono","JetBrains Mono","Cascadia Code",Menlo,Consolas,"Liberation Mono",' +
  '"PingFang SC","Microsoft YaHei","Noto Sans Mono CJK SC","Noto Sans CJK SC",monospace';

/** A grey that is seen on both grounds: an image cannot take the colour of the text. */
const CHEVRON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 12 12' fill='none' " +
  "stroke='%237d8794' stroke-width='1.8' stroke-linecap='round' stroke-linejoin='round'%3E" +
  "%3Cpath d='m2.5 4.5 3.5 3.5 3.5-3.5'/%3E%3C/svg%3E";

/** The rules beside the utility classes. `data-theme` is set when the person chose by hand. */
export const BASE_CSS = `
:root{color-scheme:light;${properties(LIGHT)}}
:root[data-theme=dark]{color-scheme:dark;${properties(DARK)}}
@media (prefers-color-scheme:dark){
  :root:not([data-theme=light]){color-scheme:dark;${properties(DARK)}}
}
body{background:var(--canvas);color:var(--ink);font-family:${SANS_FONT};
  -webkit-font-smoothing:antialiased;text-rendering:optimizeLegibility}
input[type=checkbox],input[type=range]{accent-color:var(--accent)}
:focus{outline:none}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
::placeholder{color:var(--muted);opacity:1}
::selection{background:var(--accent);color:var(--on-accent)}
dialog::backdrop{background:rgb(8 11 15/.55)}
.choice{appearance:none;padding-right:1.75rem;background-repeat:no-repeat;
  background-position:right .6rem center;background-size:.75rem;background-image:url("${CHEVRON}")}
summary{list-style:none}
summary::-webkit-details-marker{display:none}
@keyframes lamp-pulse{50%{opacity:.35}}
.lamp-pulse{animation:lamp-pulse 1.2s ease-in-out infinite}
.tile{container-type:size;transition:left .2s,top .2s,width .2s,height .2s}
.mirrored{transform:scaleX(-1)}
@keyframes reaction-rise{0%{transform:translateY(1rem) scale(.6);opacity:0}12%{transform:none;opacity:1}
  80%{opacity:1}100%{transform:translateY(-3rem);opacity:0}}
.reaction{animation:reaction-rise 4s ease-out both}
@media (prefers-reduced-motion:reduce){
  *,*::before,*::after{animation:none!important;transition:none!important;scroll-behavior:auto!important}
}
@media (forced-colors:active){button,input,select,textarea{border:1px solid!important}}
`;

function properties(palette: Palette): string {
  return Object.entries(palette).map(([name, color]) => `--${name}:${color}`).join(";");
}
