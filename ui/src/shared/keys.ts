/**
 * The key that was pressed for the window as a whole; `null` when it is for a field, a dialog, or
 * goes with another key.
 */
export function windowKey(event: KeyboardEvent): string | null {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return null;
  if (document.querySelector("dialog[open]")) return null;
  if (isField(event.target)) return null;
  return event.key.length === 1 ? event.key.toLowerCase() : event.key;
}

/** Whether somebody writes or chooses there. */
export function isField(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches("input, select, textarea");
}
