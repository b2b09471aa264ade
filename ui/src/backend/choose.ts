import { isTauri } from "@tauri-apps/api/core";

import type { Backend } from "./backend";
import { tauriBackend } from "./tauri";

/** The app inside Tauri; sample data in an ordinary browser. */
export async function chooseBackend(): Promise<Backend> {
  if (isTauri()) {
    return tauriBackend;
  }
  const { fakeBackend } = await import("./fake/fake");
  return fakeBackend(new URLSearchParams(window.location.search));
}
