import type { View } from "../backend/bindings";
import { hasText } from "../text/catalogue";

/** The keys of what keeps tickets from the printer, if anything does and there are words for it. */
export function printerTrouble(view: View): { title: string; text: string } | null {
  const code = view.printerTrouble;
  if (code === null) return null;
  const keys = { title: `${code}-title`, text: `${code}-body` };
  return hasText(keys.title) && hasText(keys.text) ? keys : null;
}
