import { FluentBundle, FluentResource, type FluentVariable } from "@fluent/bundle";

import english from "../../../locales/en.ftl?raw";
import spanish from "../../../locales/es.ftl?raw";

/** The languages that there is a catalogue for. */
export type Language = "es" | "en";

/** Finds a text by its key and fills in its variables. */
export type Translate = (key: string, variables?: Record<string, FluentVariable>) => string;

const bundles: Record<Language, FluentBundle> = {
  es: bundle("es-MX", spanish),
  en: bundle("en-US", english),
};

/** The language of that code; Spanish where there is no catalogue for it. */
export function languageOf(code: string): Language {
  return code === "en" ? "en" : "es";
}

/** Whether the catalogues have this text. */
export function hasText(key: string): boolean {
  return bundles.es.hasMessage(key);
}

/** The texts of one language. A key that does not exist gives the key itself. */
export function translator(language: Language): Translate {
  const texts = bundles[language];
  return (key, variables) => {
    const pattern = texts.getMessage(key)?.value;
    return pattern ? texts.formatPattern(pattern, variables ?? null, []) : key;
  };
}

function bundle(locale: string, source: string): FluentBundle {
  const result = new FluentBundle(locale, { useIsolating: false });
  result.addResource(new FluentResource(source));
  return result;
}
