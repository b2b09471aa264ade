import { FluentBundle, type FluentResource, type FluentVariable } from "@fluent/bundle";

import english from "../../../locales/en.ftl";
import spanish from "../../../locales/es.ftl";

/** The languages that there is a catalogue for. */
export type Language = "es" | "en";

/** Finds a text by its key and fills in its variables. */
export type Translate = (key: string, variables?: Record<string, FluentVariable>) => string;

const sources: Record<Language, () => FluentBundle> = {
  es: () => bundle("es-MX", spanish),
  en: () => bundle("en-US", english),
};
const read: Partial<Record<Language, FluentBundle>> = {};

/** A catalogue is read when its language is first spoken: a window opens with one of them. */
function texts(language: Language): FluentBundle {
  return (read[language] ??= sources[language]());
}

/** The language of that code; Spanish where there is no catalogue for it. */
export function languageOf(code: string): Language {
  return code === "en" ? "en" : "es";
}

/** Whether the catalogues have this text. */
export function hasText(key: string): boolean {
  return (read.es ?? read.en ?? texts("es")).hasMessage(key);
}

/** The texts of one language. A key that does not exist gives the key itself. */
export function translator(language: Language): Translate {
  const catalogue = texts(language);
  return (key, variables) => {
    const pattern = catalogue.getMessage(key)?.value;
    return pattern ? catalogue.formatPattern(pattern, variables ?? null, []) : key;
  };
}

function bundle(locale: string, body: () => FluentResource["body"]): FluentBundle {
  const result = new FluentBundle(locale, { useIsolating: false });
  result.addResource({ body: body() } as FluentResource);
  return result;
}
