import { windowKey } from "../shared/keys";

/** What the keys do in a list with one thing open beside it. */
export interface Hands {
  move(step: -1 | 1): void;
  /** Reads what is chosen. */
  enter(): void;
  /** Back to the list; says whether there was anything to go back from. */
  back(): boolean;
  seen?(): void;
  unseen?(): void;
  print?(): void;
}

/** Does what a key asks for, and lets the others pass. */
export function pressed(event: KeyboardEvent, hands: Hands): void {
  if (done(event, hands)) event.preventDefault();
}

function done(event: KeyboardEvent, hands: Hands): boolean {
  if (isPrint(event)) {
    if (!event.repeat && !document.querySelector("dialog[open]")) hands.print?.();
    return true;
  }
  switch (windowKey(event)) {
    case "ArrowUp":
      return arrow(event, -1, hands);
    case "ArrowDown":
      return arrow(event, 1, hands);
    case "Enter":
      if (event.target instanceof Element && event.target.closest("button, a, summary")) return false;
      hands.enter();
      return true;
    case "v":
      // A key that is held down would mark one order after the other.
      if (!event.repeat) hands.seen?.();
      return true;
    case "u":
      if (!event.repeat) hands.unseen?.();
      return true;
    case "Escape":
      return hands.back();
    default:
      return false;
  }
}

/** Ctrl+P prints the order, never the window. */
export function isPrint(event: KeyboardEvent): boolean {
  return (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "p";
}

function arrow(event: KeyboardEvent, step: -1 | 1, hands: Hands): boolean {
  const paper = event.target instanceof Element ? event.target.closest(".paper") : null;
  if (paper !== null && paper.scrollHeight > paper.clientHeight) return false;
  hands.move(step);
  return true;
}
