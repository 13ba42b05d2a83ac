/**
 * How the page looks: Twind on a constructed stylesheet, because the server's Content-Security-Policy
 * allows no inline style. Colours are custom properties (`tokens.ts`), so that light and dark are one
 * set of classes. `main.tsx` calls this once, before the first render.
 */
import { cssom, defineConfig, setup } from "@twind/core";
import presetAutoprefix from "@twind/preset-autoprefix";
import presetTailwind from "@twind/preset-tailwind";
import { BASE_CSS, COLOR_NAMES, MONO_FONT, SANS_FONT } from "./tokens.ts";

const config = defineConfig({
  presets: [presetAutoprefix(), presetTailwind()],
  hash: false,
  theme: {
    extend: {
      colors: Object.fromEntries(COLOR_NAMES.map((name) => [name, `var(--${name})`])),
      fontFamily: { sans: SANS_FONT, mono: MONO_FONT },
    },
  },
  rules: [
    // Twind stops at Tailwind 3.2; these are later.
    ["text-balance", { textWrap: "balance" }],
    ["text-pretty", { textWrap: "pretty" }],
    ["wrap-anywhere", { overflowWrap: "anywhere" }],
    ["isolate-text", { unicodeBidi: "isolate" }],
  ],
});

/** Styles the document from now on, whatever classes it gets. */
export function installTheme(): void {
  const base = new CSSStyleSheet();
  base.replaceSync(BASE_CSS);
  const utilities = new CSSStyleSheet();
  document.adoptedStyleSheets = [utilities, base];
  setup(config, () => cssom(utilities));
}
