import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { FluentResource } from "@fluent/bundle";
import { describe, expect, test } from "vitest";

import english from "../../../locales/en.ftl?raw";
import spanish from "../../../locales/es.ftl?raw";
import { languageOf, translator } from "./catalogue";

/** The variables that a text names, of every text of a catalogue. */
function variables(source: string): Map<string, string[]> {
  const result = new Map<string, string[]>();
  for (const message of new FluentResource(source).body) {
    const names = JSON.stringify(message).matchAll(/"type":"var","name":"(\w+)"/g);
    result.set(message.id, [...new Set([...names].map(([, name]) => name ?? ""))].sort());
  }
  return result;
}

const es = variables(spanish);
const en = variables(english);
const src = fileURLToPath(new URL("..", import.meta.url));
const root = fileURLToPath(new URL("../../..", import.meta.url));

/** Texts whose keys are put together from codes of the app, by how they begin. */
const families = [
  ...["activity-", "aside-", "band-", "cause-", "change-", "doctor-", "error-", "key-", "language-", "meaning-"],
  ...["method-", "profile-", "range-", "receiver-", "refused-", "section-", "verdict-"],
  ...["chime-", "content-", "paper-", "printer-", "repeat-", "sound-state-", "theme-", "update-stage-", "welcome-"],
  ...["cli-aside-", "cli-help-", "cli-option-", "cli-state-"],
];

/** Everything in the sources of Rust and of the windows, tests left out. */
function sources(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(rs|svelte|ts)$/.test(file) && !/\btests?\b|bindings|^target|node_modules/.test(file))
    .map((file) => readFileSync(`${folder}/${file}`, "utf8"))
    .join("\n");
}

describe("the two catalogues", () => {
  test("have the same keys", () => {
    expect([...en.keys()].sort()).toEqual([...es.keys()].sort());
  });

  test("ask for the same variables", () => {
    expect(Object.fromEntries(en)).toEqual(Object.fromEntries(es));
  });

  test("lose no text to a mistake in writing, and define none twice", () => {
    for (const source of [spanish, english]) {
      const written = [...source.matchAll(/^([a-z][\w-]*) =/gm)].map(([, key]) => key);
      expect(new Set(written).size).toBe(written.length);
      expect([...variables(source).keys()].sort()).toEqual([...written].sort());
    }
  });

  test("have no text that nobody asks for", () => {
    const asked = [`${root}/ui/src`, `${root}/src-tauri`, `${root}/crates/shell/src`, `${root}/crates/sync/src`].map(sources).join("\n");
    const unused = [...es.keys()].filter(
      (key) => !asked.includes(`"${key}"`) && !families.some((family) => key.startsWith(family)),
    );
    expect(unused).toEqual([]);
  });

  test("have every text that the windows name outright", () => {
    const named = new Set<string>();
    for (const file of readdirSync(src, { recursive: true, encoding: "utf8" })) {
      if (!/\.(svelte|ts)$/.test(file) || /\.test\.|bindings|^backend/.test(file)) continue;
      // What a condition compares with is no key.
      const source = readFileSync(`${src}/${file}`, "utf8").replaceAll(/=== "\w+"/g, "");
      // `t("…")`, a choice between two within `t(…)`, and the keys of phrases.
      for (const [call] of source.matchAll(/\bt\((?:[^()`]|\([^()]*\))*\)|key: "[a-z-]+"/g)) {
        for (const [, key] of call.matchAll(/"([a-z]+(?:-[a-z0-9]+)*)"/g)) named.add(key ?? "");
      }
    }
    const families = {
      section: ["connection", "alerts", "appearance", "system", "printing"],
      welcome: ["title", "text"].flatMap((part) => [1, 2, 3, 4].map((step) => `${part}-${step}`)),
      profile: ["auto", "guide", "unified", "unified-legacy"].flatMap((name) => [name, `${name}-text`]),
      "sound-state": ["works", "no-device", "no-device-do", "failing", "failing-do", "muted", "muted-do"],
      chime: ["bell", "marimba", "buzzer"].flatMap((name) => [name, `${name}-text`]),
      repeat: ["continuous", "interval", "once"],
      content: ["full", "discreet"].flatMap((name) => [name, `${name}-example`]),
      theme: ["system", "light", "dark"],
      paper: ["roll", "a4"],
      error: [
        "address-plain-http",
        "certificate-authority-unreadable",
        "certificate-authority-malformed",
        "folder-not-shown",
        "diagnostics-not-written",
        "demo-not-started",
        ...["unreachable", "answer", "not-secure", "nothing-for-this-computer", "broken-off"].map((code) => `update-${code}`),
        ...["too-large", "not-genuine", "not-installed", "orders-wait"].map((code) => `update-${code}`),
      ],
      "update-stage": ["checking", "downloading", "waiting", "installing"],
      key: ["missing", "keyring", "memory", "environment", "locked", "denied"],
      receiver: ["campana", "campana-text", "till", "till-text"],
      doctor: ["all-well", "warnings", "failures", "skipped"],
      language: ["system", "es", "en"],
    };
    for (const [family, members] of Object.entries(families)) {
      for (const member of members) named.add(`${family}-${member}`);
    }
    expect(named.size).toBeGreaterThan(100);
    expect([...named].filter((key) => !es.has(key))).toEqual([]);
  });
});

describe("a text", () => {
  test("has its variables filled in, without invisible marks around them", () => {
    expect(translator("es")("next-attempt-seconds", { seconds: 8 })).toBe("Próximo intento en 8 s.");
    expect(translator("en")("items-count", { items: 1 })).toBe("1 item");
    expect(translator("es")("items-count", { items: 5 })).toBe("5 artículos");
  });

  test("that does not exist is its key", () => {
    expect(translator("es")("no-such-text")).toBe("no-such-text");
  });

  test("in a language that there is no catalogue for is Spanish", () => {
    expect(languageOf("fr")).toBe("es");
    expect(languageOf("en")).toBe("en");
  });
});
