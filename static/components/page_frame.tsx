/** What the pages stand in: the skip link, the header with the settings, the main region. */
import type { ComponentChildren, JSX } from "preact";
import {
  chooseLanguage,
  chooseTheme,
  language,
  texts,
  theme,
  THEMES,
} from "../browser/settings.ts";
import type { Texts } from "../i18n/en.ts";
import { isLanguage, LANGUAGES } from "../i18n/language.ts";
import { SelectField } from "./field.tsx";

/** Where the reader is. */
export type Place = "start" | "live" | "streams" | "test" | "meet" | "none";

/** A page. */
export function PageFrame(
  { place, actions, children }: {
    place: Place;
    actions?: ComponentChildren;
    children: ComponentChildren;
  },
): JSX.Element {
  const t = texts.value;
  return (
    <div class="flex min-h-screen flex-col">
      <a
        href="#content"
        class="sr-only focus:(not-sr-only absolute left-2 top-2 z-20 rounded-lg bg-accent px-3 py-2 text-on-accent)"
      >
        {t.skipToContent}
      </a>
      <header class="border-b border-line bg-surface">
        <div class="mx-auto flex max-w-[110rem] flex-wrap items-center gap-x-5 gap-y-2 px-4 py-2.5 md:px-6">
          <Brand />
          <nav aria-label={t.navigation} class="flex flex-wrap items-center gap-1 text-sm">
            <NavigationLink href="/" isCurrent={place === "start"}>{t.start}</NavigationLink>
            <NavigationLink href="/live" isCurrent={place === "live"}>{t.live}</NavigationLink>
            <NavigationLink href="/streams" isCurrent={place === "streams"}>
              {t.streams.title}
            </NavigationLink>
            <NavigationLink href="/test" isCurrent={place === "test"}>{t.testPage}</NavigationLink>
            <NavigationLink href="/schema" isCurrent={false}>{t.schema}</NavigationLink>
          </nav>
          <div class="ml-auto flex items-center gap-2">
            {actions}
            <Settings t={t} />
          </div>
        </div>
      </header>
      <main id="content" tabIndex={-1} class="flex-1">{children}</main>
    </div>
  );
}

function Brand(): JSX.Element {
  return (
    <a
      href="/"
      aria-label="Signalbox"
      class="flex items-center gap-2 rounded-md font-semibold tracking-tight"
    >
      <svg viewBox="0 0 32 32" class="h-7 w-7" aria-hidden="true">
        <rect width="32" height="32" rx="8" class="fill-accent" />
        <g class="fill-on-accent stroke-on-accent" stroke-linecap="round" stroke-linejoin="round">
          <path d="M10 25V8M6.5 26h7" fill="none" stroke-width="2.6" />
          <path d="M10 9.5 24 6v7l-14 2z" stroke="none" />
          <circle cx="10" cy="20" r="3.4" stroke="none" />
        </g>
      </svg>
      <span class="hidden sm:inline">Signalbox</span>
    </a>
  );
}

function NavigationLink(
  { href, isCurrent, children }: { href: string; isCurrent: boolean; children: string },
): JSX.Element {
  return (
    <a
      href={href}
      aria-current={isCurrent ? "page" : undefined}
      class={`rounded-md px-2.5 py-1.5 ${
        isCurrent
          ? "bg-accent-soft font-medium text-accent"
          : "text-muted hover:(bg-sunken text-ink)"
      }`}
    >
      {children}
    </a>
  );
}

function Settings({ t }: { t: Texts }): JSX.Element {
  const themeNames = { system: t.themeSystem, light: t.themeLight, dark: t.themeDark };
  return (
    <>
      <SelectField
        id="language"
        label={t.language}
        isLabelHidden
        value={language.value}
        choices={Object.entries(LANGUAGES).map(([value, { label }]) => ({ value, text: label }))}
        onChange={(value) => isLanguage(value) && chooseLanguage(value)}
      />
      <SelectField
        id="theme"
        label={t.theme}
        isLabelHidden
        value={theme.value}
        choices={THEMES.map((value) => ({ value, text: themeNames[value] }))}
        onChange={(value) => {
          const choice = THEMES.find((known) => known === value);
          if (choice !== undefined) chooseTheme(choice);
        }}
      />
    </>
  );
}
