import type { View } from "../backend/bindings";

/** Whether the alarm that no orders arrive sounds now. */
export function troubleSounds(view: View): boolean {
  return view.troubleAlarm;
}
