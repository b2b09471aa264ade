import { readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import type { StatusCode, StatusView } from "../backend/bindings";
import { ranked, severityOf } from "../backend/fake/verdict";
import { hasText } from "../text/catalogue";
import { causeKey, dashed, errorKey, hints, isTrouble } from "./status";

const kinds = variants("status", "StatusKind") as StatusCode[];
const causes = variants("status", "Cause");
const verdicts = variants("verdict", "Verdict");

/** The variants of an enum of the engine, as they come over the wire. */
function variants(file: string, name: string): string[] {
  const source = readFileSync(new URL(`../../../crates/sync/src/${file}.rs`, import.meta.url), "utf8");
  const body = new RegExp(`pub enum ${name} \\{([^}]*)\\}`).exec(source)?.[1] ?? "";
  return [...body.matchAll(/^\s+([A-Z]\w+),/gm)].map(([, variant]) =>
    (variant ?? "").replace(/(?<=.)([A-Z])/g, "_$1").toLowerCase(),
  );
}

function status(kind: StatusCode, cause: string | null = null): StatusView {
  return {
    kind,
    cause,
    since: 0,
    nextAttempt: null,
    lastSync: null,
    anotherReceiver: false,
    confirmationsRefused: 0,
    detail: null,
  };
}

test("the engine's states, causes and verdicts were found in its source", () => {
  expect(kinds).toContain("in_sync");
  expect(causes).toContain("no_network");
  expect(verdicts).toHaveLength(16);
});

test.each(verdicts)("the verdict %s has words", (verdict) => {
  expect(hasText(`verdict-${dashed(verdict)}`)).toBe(true);
});

test("the window's sample data knows the same verdicts in the same order", () => {
  expect(ranked).toEqual(verdicts);
});

test.each(kinds)("the state %s is a verdict, and trouble has a title, a reason and 2 to 4 hints", (kind) => {
  expect(verdicts).toContain(kind);
  expect(isTrouble(kind)).toBe(severityOf(kind) === "trouble");
  if (!isTrouble(kind)) return;
  expect(hasText(`band-${dashed(kind)}`)).toBe(true);
  expect(causeKey(status(kind))).not.toBeNull();
  for (const cause of [null, ...causes]) {
    const list = hints(status(kind, cause));
    expect(list.filter((hint) => !hasText(hint))).toEqual([]);
    expect(list.length).toBeGreaterThanOrEqual(2);
    expect(list.length).toBeLessThanOrEqual(4);
  }
});

test.each(causes)("the cause %s has a sentence", (cause) => {
  expect(causeKey(status("offline", cause))).toBe(`cause-${dashed(cause)}`);
  expect(hasText(`cause-${dashed(cause)}`)).toBe(true);
});

describe("codes that there are no words for", () => {
  test("an unknown cause falls back to the state's own sentence", () => {
    expect(causeKey(status("offline", "gremlins"))).toBe("cause-offline");
    expect(causeKey(status("in_sync"))).toBeNull();
  });

  test("an unknown error is an internal one", () => {
    expect(errorKey("address-empty")).toBe("error-address-empty");
    expect(errorKey("gremlins")).toBe("error-internal");
  });
});

test("every code that the app's commands document has a sentence", () => {
  const view = readFileSync(new URL("../../../crates/shell/src/view.rs", import.meta.url), "utf8");
  const documented = view.slice(view.indexOf("pub struct CommandError")).split("pub code")[0] ?? "";
  const codes = [...documented.matchAll(/`([a-z-]+)`/g)].map(([, code]) => code ?? "");
  expect(codes).toContain("internal");
  expect(codes.filter((code) => !hasText(`error-${code}`))).toEqual([]);
});
