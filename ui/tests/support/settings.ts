import { afterAll, beforeAll, expect } from "vitest";

import { type Opened, type Scene, Stage } from "./browser";

/** Opens the settings window in a scene, and finds no error in the page afterwards. */
export type On = (scene: Scene, body: (page: Opened["page"]) => Promise<void>) => Promise<void>;

/** A stage for the tests of one file. */
export function settingsStage(): On {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.start();
  });
  afterAll(() => stage.stop());
  return async (scene, body) => {
    const { page, errors, close } = await stage.open({ window: "settings", scene: "settings", ...scene });
    try {
      await body(page);
      expect(errors).toEqual([]);
    } finally {
      await close();
    }
  };
}
