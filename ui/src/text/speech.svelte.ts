import type { FluentVariable } from "@fluent/bundle";

import { type Language, languageOf, translator } from "./catalogue";

/** The language that this window speaks now. */
class Speech {
  language = $state<Language>(languageOf(navigator.language.slice(0, 2)));
}

export const speech = new Speech();

/** The text in the window's language; whatever shows it changes with the language. */
export function t(key: string, variables?: Record<string, FluentVariable>): string {
  return translator(speech.language)(key, variables);
}
