/**
 * How the page looks: Twind on a constructed stylesheet, because the server's Content-Security-Policy
 * allows no inline style. Colours are custom properties (`tokens.ts`), so that light and dark are one
 * set of classes. `main.tsx` calls this once, before the first render.
 */
import { cssom, defineConfig, twind } from "@twind/core";
import presetAutoprefix from "@twind/preset-autoprefix";
import presetTailwind from "@twind/preset-tailwind";
import { options } from "preact";
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

/**
 * Styles what Preact draws from now on. Each class goes through Twind as its element is made: Twind's
 * own observer looks through the whole log again for every row that is added, which takes most of the
 * processor when a thousand messages a second come in.
 */
export function installTheme(): void {
  const base = new CSSStyleSheet();
  base.replaceSync(BASE_CSS);
  const utilities = new CSSStyleSheet();
  document.adoptedStyleSheets = [utilities, base];

  const style = twind(config, cssom(utilities));
  const before = options.vnode;
  options.vnode = (vnode) => {
    // An element's props are a fresh object at this moment, and nobody has read them yet.
    const props: { children?: unknown; class?: unknown } = vnode.props;
    if (typeof vnode.type === "string" && typeof props.class === "string") {
      props.class = style(props.class);
    }
    before?.(vnode);
  };
}
