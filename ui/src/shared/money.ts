import { locale } from "./time";

const formats = new Map<string, Intl.NumberFormat>();

/**
 * An amount in hundredths as people read it, `$414.50`; `currency` is an ISO 4217 code. One that
 * there is none of counts as pesos, so that an amount is never missing.
 */
export function amount(hundredths: number, currency: string, language: string): string {
  return format(currency, locale(language)).format(hundredths / 100);
}

function format(currency: string, tag: string): Intl.NumberFormat {
  const name = `${tag} ${currency}`;
  let known = formats.get(name);
  if (!known) {
    known = create(currency, tag);
    formats.set(name, known);
  }
  return known;
}

function create(currency: string, tag: string): Intl.NumberFormat {
  const options = { style: "currency", currencyDisplay: "narrowSymbol" } as const;
  try {
    return new Intl.NumberFormat(tag, { ...options, currency });
  } catch {
    return new Intl.NumberFormat(tag, { ...options, currency: "MXN" });
  }
}
