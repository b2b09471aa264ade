import type { FluentVariable } from "@fluent/bundle";

import { amount } from "../shared/money";
import { type Language, languageOf, translator } from "./catalogue";

/** The language and the currency that this window speaks now. */
class Speech {
  language = $state<Language>(languageOf(navigator.language.slice(0, 2)));
  /** ISO 4217. */
  currency = $state("MXN");
}

export const speech = new Speech();

/** The text in the window's language; whatever shows it changes with the language. */
export function t(key: string, variables?: Record<string, FluentVariable>): string {
  return translator(speech.language)(key, variables);
}

/** An amount in hundredths, in the window's language and the shop's currency. */
export function money(hundredths: number): string {
  return amount(hundredths, speech.currency, speech.language);
}
