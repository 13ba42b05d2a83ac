/** Which languages the page speaks, and which of them a person wants. */
import { en, type Texts } from "./en.ts";
import { zhCn } from "./zh_cn.ts";

/** The languages, each under its name in itself. */
export const LANGUAGES = {
  en: { label: "English", texts: en },
  "zh-CN": { label: "简体中文", texts: zhCn },
} as const satisfies Record<string, { label: string; texts: Texts }>;

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
