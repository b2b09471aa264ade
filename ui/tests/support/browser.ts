import { fileURLToPath } from "node:url";

import type { Call } from "../../src/backend/fake/fake";
import { afterAll, beforeAll, expect } from "vitest";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { preview, type PreviewServer } from "vite";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What a page is opened with. */
export interface Scene {
  window?: "main" | "settings";
  scene?: string;
  language?: "es" | "en";
  theme?: "light" | "dark";
  size?: { width: number; height: number };
  fail?: string;
  /** The page is left a view, and gets no other. */
  first?: "";
  /** How the print dialog ends, if not with a ticket. */
  dialog?: "cancelled";
  /** How many orders the history holds besides those of the view. */
  history?: number;
  /** How many orders a round that is asked for brings. */
  brings?: number;
  /** A fixed moment, for pictures that do not change from day to day. */
  now?: Date;
  context?: BrowserContextOptions;
}

/** A page and what went wrong in it. */
export interface Opened {
  page: Page;
  /** Errors of scripts and of the content security policy. */
  errors: string[];
  close(): Promise<void>;
}

/** The built windows in Chromium, with sample data in place of the app. */
export class Stage {
  readonly #server: PreviewServer;
  readonly #browser: Browser;
  readonly #origin: string;

  private constructor(server: PreviewServer, browser: Browser, origin: string) {
    this.#server = server;
    this.#browser = browser;
    this.#origin = origin;
  }

  static async start(): Promise<Stage> {
    const server = await preview({
      root,
      logLevel: "error",
      preview: { host: "127.0.0.1", port: 0 },
    });
    const origin = server.resolvedUrls?.local[0];
    if (!origin) throw new Error("the preview server has no address");
    const browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium-headless-shell",
      args: ["--no-sandbox", "--disable-gpu"],
    });
    return new Stage(server, browser, origin);
  }

  async open(scene: Scene = {}): Promise<Opened> {
    const settings = scene.window === "settings";
    const context = await this.#browser.newContext({
      viewport: scene.size ?? (settings ? { width: 760, height: 620 } : { width: 1080, height: 720 }),
      colorScheme: scene.theme ?? "light",
      locale: scene.language === "en" ? "en-US" : "es-MX",
      timezoneId: "America/Mexico_City",
      reducedMotion: "reduce",
      ...scene.context,
    });
    // A browser asks for this by itself; a window of the app does not.
    await context.route("**/favicon.ico", (route) => route.fulfill({ status: 204 }));
    // As the app's webview does for its pages.
    await context.addInitScript(() => void Object.freeze(Object.prototype));
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") errors.push(message.text());
    });
    if (scene.now) await page.clock.setFixedTime(scene.now);
    const query = new URLSearchParams({
      scene: scene.scene ?? "orders",
      lang: scene.language ?? "es",
      ...(scene.fail ? { fail: scene.fail } : {}),
      ...(scene.first === undefined ? {} : { first: scene.first }),
      ...(scene.dialog ? { dialog: scene.dialog } : {}),
      ...(scene.history === undefined ? {} : { history: String(scene.history) }),
      ...(scene.brings === undefined ? {} : { brings: String(scene.brings) }),
    });
    await page.goto(`${this.#origin}${settings ? "settings.html" : "index.html"}?${query}`);
    await page.locator(settings ? "form" : "header").first().waitFor();
    return { page, errors, close: () => context.close() };
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    await this.#server.close();
  }
}

/**
 * A stage for the tests of a file. What comes back opens a scene, runs a test in it, and insists
 * that nothing went wrong meanwhile.
 */
export function theatre(usual: Scene = {}): (scene: Scene, body: (page: Page) => Promise<void>) => Promise<void> {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.start();
  });
  afterAll(() => stage.stop());
  return async (scene, body) => {
    const { page, errors, close } = await stage.open({ ...usual, ...scene });
    try {
      await body(page);
      expect(errors).toEqual([]);
    } finally {
      await close();
    }
  };
}

/** What is wider than the window or scrolls sideways. */
export function overflow(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll("body *:not(.hidden-text)")]
      .filter((element) => {
        const scrolls = /auto|scroll/.test(getComputedStyle(element).overflowX);
        return (
          element.getBoundingClientRect().right > window.innerWidth + 1 ||
          (scrolls && element.scrollWidth > element.clientWidth)
        );
      })
      .map((element) => `${element.tagName} ${element.className}`),
  );
}

/** The commands that the page has called. */
export function calls(page: Page): Promise<Call[]> {
  return page.evaluate(() => window.campanaFake?.calls ?? []);
}
