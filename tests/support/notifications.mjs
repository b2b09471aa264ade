// The notifications that the virtual desktop recorded.
import { readFileSync } from "node:fs";

/** One line for each notification; empty before the first. */
export function notifications() {
  const path = process.env.NOTIFICATION_LOG;
  if (!path) throw new Error("run it with NOTIFICATIONS=record");
  let text;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return [];
    throw error;
  }
  return text.split("\n").filter((line) => / Notify /.test(line));
}
