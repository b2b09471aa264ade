import type { Page } from "playwright-core";

import type { Scene } from "../support/browser";

/** A state of the main window, and how one gets there. */
export interface State extends Scene {
  act?: (page: Page) => Promise<void>;
}

const small = { width: 720, height: 520 };
const click = (...ids: string[]) => async (page: Page) => {
  for (const id of ids) await page.getByTestId(id).first().click();
};

async function found(page: Page): Promise<void> {
  await page.getByTestId("history-row").first().waitFor();
}

async function history(page: Page): Promise<void> {
  await click("tab-history")(page);
  await found(page);
}

async function openHistory(page: Page): Promise<void> {
  await history(page);
  await page.getByTestId("history-row").nth(7).click();
  await page.getByTestId("order-detail").waitFor();
}

async function activity(page: Page): Promise<void> {
  await click("tab-activity")(page);
  await page.getByTestId("activity-row").first().waitFor();
}

/** Every state of the main window; each is shown in both languages, light and dark. */
export const mainStates: Record<string, State> = {
  orders: {},
  "orders-seen": { act: (page) => page.getByTestId("order-row").nth(3).click() },
  "orders-printed": {
    scene: "printer",
    act: async (page) => {
      await click("print")(page);
      await page.getByText(/Impreso|Printed/).waitFor();
    },
  },
  "orders-many": { scene: "many" },
  "orders-awkward": { scene: "awkward" },
  "orders-changed": { scene: "awkward", act: (page) => page.getByTestId("order-row").nth(1).click() },
  "orders-cancelled": { scene: "awkward", act: (page) => page.getByTestId("order-row").nth(2).click() },
  "orders-before": { scene: "before", act: click("from-before") },
  "orders-hostile": { scene: "hostile", act: (page) => page.getByTestId("order-row").nth(1).click() },
  "orders-unreadable": { scene: "unreadable" },
  "orders-unreadable-hostile": { scene: "unreadable-hostile" },
  "orders-unreadable-seen": { scene: "unreadable-seen", act: (page) => page.getByTestId("order-row").first().click() },
  calm: { scene: "calm" },
  empty: { scene: "empty" },
  "first-run": { scene: "first-run" },
  demo: { scene: "demo" },
  contrast: { scene: "contrast" },
  history: { act: history },
  "history-open": { act: openHistory },
  "history-search": {
    act: async (page) => {
      await history(page);
      await page.getByTestId("history-search").fill("lu");
      await page.getByText(/\b4\d (pedidos|orders)|\b\d\d (pedidos|orders)/).waitFor();
      await found(page);
      await page.keyboard.press("ArrowDown");
      await page.getByTestId("order-detail").waitFor();
    },
  },
  "history-none": {
    act: async (page) => {
      await history(page);
      await page.getByTestId("history-search").fill("nada así");
      await page.getByTestId("history-none").waitFor();
    },
  },
  "history-days": {
    act: async (page) => {
      await history(page);
      await page.getByTestId("history-span").selectOption("custom");
      await page.getByTestId("history-from").fill("2026-03-14");
      await page.getByTestId("history-until").fill("2026-03-10");
      await page.getByTestId("history-until").blur();
      await page.getByRole("alert").first().waitFor();
    },
  },
  "history-emptied": {
    size: { width: 1080, height: 720 },
    history: 100_000,
    act: async (page) => {
      await history(page);
      await page.getByTestId("history-list").evaluate((list) => (list.scrollTop = list.scrollHeight));
      await page.locator('[data-order-id="old-99999"]').click();
      await page.getByTestId("order-detail").waitFor();
    },
  },
  "history-empty": { scene: "empty", history: 0, act: click("tab-history") },
  activity: { act: activity },
  "activity-failed": {
    act: async (page) => {
      await activity(page);
      await page.getByTestId("activity-row").nth(14).click();
    },
  },
  "activity-set-aside": {
    act: async (page) => {
      await activity(page);
      await click("activity-problems")(page);
      await click("activity-row")(page);
    },
  },
  "activity-fine": {
    scene: "calm",
    act: async (page) => {
      await activity(page);
      await click("activity-problems")(page);
      await page.getByTestId("activity-empty").waitFor();
    },
  },
  "activity-empty": { scene: "empty", act: click("tab-activity") },
  shortcuts: { act: (page) => page.keyboard.press("?") },
  technical: { act: click("technical-open") },
  "mark-all": { act: click("mark-all") },
  quit: { scene: "quit-asked" },
  "pause-menu": { act: click("pause") },
  paused: { scene: "paused" },
  muted: { scene: "muted" },
  "no-sound": { scene: "no-sound" },
  "sound-failing": { scene: "sound-failing" },
  "no-tray": { scene: "no-tray" },
  damaged: { scene: "damaged" },
  connecting: { scene: "connecting" },
  syncing: { scene: "syncing" },
  "sync-done": {
    brings: 3,
    act: async (page) => {
      await page.keyboard.press("F5");
      await page.getByText(/3 pedidos nuevos|3 new orders/).waitFor();
    },
  },
  "sync-nothing": {
    act: async (page) => {
      await page.keyboard.press("F5");
      await page.getByText(/Todo al día|All up to date/).waitFor();
    },
  },
  "sync-incomplete": {
    scene: "offline",
    act: async (page) => {
      await page.keyboard.press("F5");
      await page.getByText(/No se pudo completar|Could not/).waitFor();
    },
  },
  "command-failed": {
    fail: "mark_seen:storage-failed",
    act: async (page) => {
      await page.keyboard.press("v");
      await page.getByTestId("command-failed").waitFor();
    },
  },
  offline: { scene: "offline" },
  "offline-check": { scene: "offline", act: click("what-to-check") },
  "offline-alarm": { scene: "trouble-alarm" },
  "no-network": { scene: "no-network" },
  "key-refused": { scene: "key-refused" },
  "key-missing": { scene: "key-missing" },
  limited: { scene: "limited" },
  "storage-failed": { scene: "storage-failed" },
  polling: { scene: "polling" },
  "another-receiver": { scene: "another-receiver" },
  "confirmations-refused": { scene: "confirmations-refused" },
  "part-stopped": { scene: "part-stopped" },
  "small-list": { size: small },
  "small-order": { size: small, act: click("order-row") },
  "small-awkward": { scene: "awkward", size: small },
  "small-offline": { scene: "trouble-alarm", size: small },
  "small-unreadable": { scene: "unreadable", size: small, act: click("order-row") },
  "small-unreadable-list": { scene: "unreadable", size: small },
  "small-confirmations-refused": { scene: "confirmations-refused", size: small },
  "small-part-stopped": { scene: "part-stopped", size: small },
  "small-demo": { scene: "demo", size: small },
  "small-history": { size: small, act: history },
  "small-activity": { size: small, act: activity },
  "small-activity-open": {
    size: small,
    act: async (page) => {
      await activity(page);
      await click("activity-row")(page);
    },
  },
  "small-quit": { scene: "quit-asked", size: small },
  "small-shortcuts": { size: small, act: (page) => page.keyboard.press("?") },
};
