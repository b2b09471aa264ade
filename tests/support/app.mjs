// The real app, steered through its windows.
import { join } from "node:path";
import { Builder, By, Capabilities } from "selenium-webdriver";
import { built, cleanEnvironment, TOP } from "./places.mjs";
import { freePort, Program } from "./program.mjs";
import { until } from "./wait.mjs";
import { atEnd } from "./ending.mjs";

const DRIVER = process.env.TAURI_DRIVER ?? join(TOP, "target/tools/bin/tauri-driver");

export class App {
  /** Starts it and waits until its first window is there. */
  static async start(test, home, environment = {}, program = built("campana")) {
    const app = new App();
    app.places = { data: join(home, "data"), config: join(home, "config") };
    const port = await freePort();
    const native = await freePort();
    app.driver = new Program(test, DRIVER, ["--port", String(port), "--native-port", String(native)], {
      env: cleanEnvironment(home, {
        CAMPANA_DATA_DIR: app.places.data, CAMPANA_CONFIG_DIR: app.places.config, CAMPANA_LANG: "es", RUST_BACKTRACE: "1",
        ...environment,
      }),
      // The app lives on without a window, so the end of the WebDriver session does not end it.
      group: true,
    });
    const server = `http://127.0.0.1:${port}`;
    await until(() => `tauri-driver answers; ${app.driver.errors}`, async () => (await fetch(`${server}/status`)).ok);
    const capabilities = new Capabilities();
    capabilities.set("tauri:options", { application: program });
    capabilities.setBrowserName("wry");
    app.web = await new Builder().withCapabilities(capabilities).usingServer(server).build();
    atEnd(test, () => app.stop());
    return app;
  }

  async stop() {
    await Promise.race([this.web.quit(), new Promise((resolve) => setTimeout(resolve, 10_000).unref())]).catch(() => {});
    await this.driver.kill();
  }

  /** Steers the window that has this element from now on. */
  async windowWith(testId, options) {
    await until(() => `a window with "${testId}"; ${this.driver.errors.slice(-800)}`, async () => {
      for (const handle of await this.web.getAllWindowHandles()) {
        await this.web.switchTo().window(handle);
        if ((await this.all(testId)).length > 0) return true;
      }
      return false;
    }, { within: 30_000, every: 200, ...options });
  }

  all(testId) {
    return this.web.findElements(By.css(`[data-testid="${testId}"]`));
  }

  /** The element, once it is there. */
  async one(testId, options) {
    return await until(`an element "${testId}"`, async () => (await this.all(testId))[0], { every: 100, ...options });
  }

  async press(testId) {
    const element = await this.one(testId);
    await until(() => `"${testId}" can be pressed`, () => element.isEnabled());
    // A click by script meets radio buttons too, whose box a style may hide behind their label.
    await this.web.executeScript("arguments[0].click()", element);
  }

  async write(testId, text) {
    const element = await this.one(testId);
    await element.clear();
    await element.sendKeys(text);
  }

  /** The text of the element, once it matches. */
  async says(testId, expected, options) {
    let last = "";
    await until(() => `"${testId}" says ${expected}; it says "${last}"`, async () => {
      const element = (await this.all(testId))[0];
      last = element ? await element.getText() : "(nothing)";
      return expected.test(last);
    }, { every: 100, ...options });
    return last;
  }

  /** Fills in the settings of a shop where Campana receives the orders, and saves. */
  async setUp(address, key) {
    await this.windowWith("address-input");
    // The first start welcomes step by step; here the whole form is filled in at once.
    if ((await this.all("welcome-skip")).length > 0) await this.press("welcome-skip");
    await this.write("address-input", address);
    await this.write("key-input", key);
    await this.press("receiver-campana");
    await this.press("save");
    await this.one("saved-note");
  }
}
