/** The first row that is drawn, and the one after the last. */
export interface Range {
  first: number;
  last: number;
}

/** How many rows are drawn beyond either edge, so that a quick hand finds no gap. */
const beyond = 6;

/** Which rows of equal height a view of `height` pixels shows when it is scrolled to `top`. */
export function visible(top: number, height: number, rowHeight: number, total: number): Range {
  const first = Math.max(0, Math.floor(top / rowHeight) - beyond);
  const last = Math.min(total, Math.ceil((top + height) / rowHeight) + beyond);
  return { first: Math.min(first, last), last };
}

/** Where a view has to be scrolled to for a row to be seen whole; `null` when it is. */
export function reveal(row: number, top: number, height: number, rowHeight: number): number | null {
  const begin = row * rowHeight;
  if (begin < top) return begin;
  const end = begin + rowHeight;
  return end > top + height ? end - height : null;
}
