import type { Alerts } from "../backend/bindings";

const minute = 60_000;

/** How long an order has waited: the colour that it has. */
export type Warmth = "cool" | "warm" | "hot";

/** From how many minutes on an order is ageing, and late: the shop's own choice. */
export type Patience = Pick<Alerts, "warm_minutes" | "late_minutes">;

/** Cool at first, warm when it is ageing, hot when it is late. */
export function warmth(created: number, now: number, patience: Patience): Warmth {
  const waited = now - created;
  if (waited >= patience.late_minutes * minute) return "hot";
  return waited >= patience.warm_minutes * minute ? "warm" : "cool";
}

/** A key of the catalogue and its variables. */
export interface Phrase {
  key: string;
  variables?: Record<string, string | number>;
}

/** How long ago, in words: now, minutes, hours and minutes, days. A clock that ran ahead counts as now. */
export function age(created: number, now: number): Phrase {
  const minutes = Math.floor(Math.max(0, now - created) / minute);
  if (minutes < 1) return { key: "age-now" };
  if (minutes < 60) return { key: "age-minutes", variables: { minutes } };
  const hours = Math.floor(minutes / 60);
  if (hours >= 24) return { key: "age-days", variables: { days: Math.floor(hours / 24) } };
  const rest = minutes % 60;
  return rest === 0
    ? { key: "age-hours", variables: { hours } }
    : { key: "age-hours-minutes", variables: { hours, minutes: rest } };
}

/** `14:03`; with the day before it where that is not today's, `23 nov, 14:03`, and another year's year. */
export function moment(at: number, now: number, language: string): string {
  const date = new Date(at);
  // Both languages write it so, and a window shows many: `Intl` would take longer than all else about them.
  const clock = `${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`;
  if (isToday(at, now)) return clock;
  const isThisYear = date.getFullYear() === new Date(now).getFullYear();
  const day = date.toLocaleDateString(locale(language), {
    day: "numeric",
    month: "short",
    ...(isThisYear ? {} : { year: "numeric" }),
  });
  return `${day}, ${clock}`;
}

/** As {@link moment}, with the seconds: for people who look for a fault. */
export function exact(at: number, now: number, language: string): string {
  return `${moment(at, now, language)}:${twoDigits(new Date(at).getSeconds())}`;
}

function twoDigits(part: number): string {
  return String(part).padStart(2, "0");
}

/** Whether both moments lie on the same day here. */
export function isToday(at: number, now: number): boolean {
  return new Date(at).toDateString() === new Date(now).toDateString();
}

/** How long until then, in words; `null` when it is due. */
export function until(at: number, now: number): Phrase | null {
  const seconds = Math.ceil((at - now) / 1000);
  if (seconds <= 0) return null;
  if (seconds < 90) return { key: "next-attempt-seconds", variables: { seconds } };
  return { key: "next-attempt-minutes", variables: { minutes: Math.round(seconds / 60) } };
}

/** The language as `Intl` knows it. */
export function locale(language: string): string {
  return language === "en" ? "en-US" : "es-MX";
}
