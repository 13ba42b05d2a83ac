/**
 * Language, theme and shortcuts: chosen by the browser until chosen by hand, remembered, and written
 * to the document, where style sheets and screen readers look for them.
 */
import { batch, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Texts } from "../i18n/en.ts";
import { type Language, LANGUAGES, pickLanguage } from "../i18n/language.ts";
import { Preferences } from "../state/preferences.ts";

/** The themes, in the order of the choice. */
export const THEMES = ["system", "light", "dark"] as const;
/** One of {@linkcode THEMES}. */
export type Theme = typeof THEMES[number];

/** What is remembered between visits. */
export const preferences: Preferences = new Preferences(() => localStorage);

/** The language of the page. */
export const language: Signal<Language> = signal(
  pickLanguage(preferences.read("language"), navigator.languages),
);
/** The theme of the page. */
export const theme: Signal<Theme> = signal(
  THEMES.find((known) => known === preferences.read("theme")) ?? "system",
);
/** Whether single keys do something (WCAG 2.2, 2.1.4 wants them to be switched off). */
export const areShortcutsOn: Signal<boolean> = signal(preferences.read("shortcuts") !== "off");
const words: Signal<Texts> = signal(await LANGUAGES[language.peek()].load());
/** The words of the page. */
export const texts: ReadonlySignal<Texts> = words;

/** Chooses a language by hand; where its words cannot be loaded, the page stays with the present one. */
export async function chooseLanguage(choice: Language): Promise<void> {
  preferences.write("language", choice);
  try {
    const loaded = await LANGUAGES[choice].load();
    if (preferences.read("language") !== choice) return; // Another one was chosen meanwhile.
    batch(() => {
      language.value = choice;
      words.value = loaded;
    });
  } catch {
    // No connection to the server: the choice is remembered, and holds for the next visit.
  }
}

/** Chooses a theme by hand. */
export function chooseTheme(choice: Theme): void {
  theme.value = choice;
  preferences.write("theme", choice);
}

/** Switches the single-key shortcuts on or off. */
export function chooseShortcuts(choice: "on" | "off"): void {
  areShortcutsOn.value = choice === "on";
  preferences.write("shortcuts", choice);
}

/** Keeps the document in step with the choices. */
export function followSettings(): void {
  effect(() => {
    document.documentElement.lang = language.value;
  });
  effect(() => {
    if (theme.value === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme.value;
  });
}
