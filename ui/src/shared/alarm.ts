import type { View } from "../backend/bindings";

/** Whether the alarm that no orders arrive sounds now; an app that says nothing of it has none. */
export function troubleSounds(view: View): boolean {
  return "troubleAlarm" in view && Boolean(view.troubleAlarm);
}
