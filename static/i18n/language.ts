/**
 * Which languages the page speaks, and which of them a person wants. The words of each are a script of
 * their own: nobody loads the others.
 */
import type { Texts } from "./en.ts";

/** A language: its name in itself, and its words, which are loaded once. */
type Spoken = { readonly label: string; readonly load: () => Promise<Texts> };

/** The languages. */
export const LANGUAGES = {
  en: { label: "English", load: async () => (await import("./en.ts")).en },
  "zh-CN": { label: "简体中文", load: async () => (await import("./zh_cn.ts")).zhCn },
} as const satisfies Record<string, Spoken>;

/** One of {@linkcode LANGUAGES}. */
export type Language = keyof typeof LANGUAGES;

/**
 * The language to speak: the one chosen by hand (`saved`), else the first of the browser's languages
 * that we have, else English. Every Chinese is served the simplified one.
 */
export function pickLanguage(saved: string | undefined, wanted: readonly string[]): Language {
  if (saved !== undefined && isLanguage(saved)) return saved;
  for (const tag of wanted) {
    const language = tag.toLowerCase().split("-")[0];
    if (language === "zh") return "zh-CN";
    if (language === "en") return "en";
  }
  return "en";
}

/** Whether `tag` is one of ours. */
export function isLanguage(tag: string): tag is Language {
  return Object.hasOwn(LANGUAGES, tag);
}
