/** The spans of days that the history offers. */
export const spans = ["all", "today", "yesterday", "week", "month", "custom"] as const;
export type Span = (typeof spans)[number];

/** From a moment on, and before another; `null` is without end. */
export interface Between {
  from: number | null;
  until: number | null;
}

/** The moments of a span of whole days here; for *custom*, from one day to another, both whole. */
export function between(span: Span, from: string, until: string, now: number): Between | "wrong" | "reversed" {
  const today = new Date(now);
  switch (span) {
    case "all":
      return { from: null, until: null };
    case "today":
      return { from: midnight(today, 0), until: null };
    case "yesterday":
      return { from: midnight(today, -1), until: midnight(today, 0) };
    case "week":
      return { from: midnight(today, -6), until: null };
    case "month":
      return { from: midnight(today, -29), until: null };
    case "custom":
      return chosen(from, until);
  }
}

function chosen(from: string, until: string): Between | "wrong" | "reversed" {
  const first = from.trim() === "" ? null : day(from);
  const last = until.trim() === "" ? null : day(until);
  if (first === undefined || last === undefined) return "wrong";
  if (first !== null && last !== null && first > last) return "reversed";
  return {
    from: first === null ? null : midnight(first, 0),
    until: last === null ? null : midnight(last, 1),
  };
}

/** The day of `2026-03-14`, as a date field gives it, or of `14/3/2026`, where it is a plain one. */
function day(text: string): Date | undefined {
  const trimmed = text.trim();
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(trimmed);
  const written = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(trimmed);
  const parts = iso ? [iso[1], iso[2], iso[3]] : written ? [written[3], written[2], written[1]] : null;
  if (!parts) return undefined;
  const [year, month, date] = parts.map(Number) as [number, number, number];
  const result = new Date(year, month - 1, date);
  // The 31st of February is none.
  return result.getFullYear() === year && result.getMonth() === month - 1 && result.getDate() === date
    ? result
    : undefined;
}

/** The beginning of a day so many days later; a day need not have 24 hours. */
function midnight(date: Date, days: number): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days).getTime();
}
