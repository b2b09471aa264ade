// The notifications that the virtual desktop recorded.
import { readFileSync } from "node:fs";
import { finished } from "./program.mjs";

/** Each notification as the bus saw it, with the number that the desktop gave it; empty before the first. */
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
  let next = 1;
  return text.split("\n").filter((line) => / Notify /.test(line)).map((line) => {
    const replaced = Number(/ Notify "[^"]*" (\d+)/.exec(line)?.[1] ?? 0);
    return { line, number: replaced || next++ };
  });
}

/** Answers a notification as a person would: "default" is a tap, others are its buttons. */
export async function answer(number, action) {
  const end = await finished("gdbus", [
    "call", "--session", "--dest", "org.freedesktop.Notifications", "--object-path", "/org/freedesktop/Notifications",
    "--method", "org.freedesktop.DBus.Mock.EmitSignal",
    "org.freedesktop.Notifications", "ActionInvoked", "us", `[<uint32 ${number}>, <"${action}">]`,
  ]);
  if (end.code !== 0) throw new Error(end.errors);
}
