import { describe, expect, test } from "vitest";

import type { CheckView, StatusView } from "../backend/bindings";
import { pullRedirectedTo, redirectedTo } from "./redirect";

function status(cause: string | null, detail: string | null): StatusView {
  return { kind: "offline", cause, since: 0, nextAttempt: null, lastSync: null, anotherReceiver: false, confirmationsRefused: 0, detail };
}

function check(code: string, detail: string | null): CheckView {
  return { check: "pull", outcome: "failed", code, because: null, detail };
}

describe("where a server sends", () => {
  test.each([
    ["https://www.mitienda.mx/socket.io/", "https://www.mitienda.mx"],
    ["https://mitienda.mx/pedidos/sync/pull-changes", "https://mitienda.mx/pedidos"],
    ["https://mitienda.mx:8443/sync", "https://mitienda.mx:8443"],
  ])("%s is the address %s", (detail, address) => {
    expect(redirectedTo([check("redirected", detail)])).toBe(address);
  });

  test.each(["https://mitienda.mx/login", "HTTP 302", null])("%s is no address to change to", (detail) => {
    expect(redirectedTo([check("redirected", detail)])).toBeNull();
  });

  test("is nobody's business where it does not", () => {
    expect(redirectedTo([check("server_error", "https://www.mitienda.mx/socket.io/")])).toBeNull();
  });

  test("is known from the last pull as well", () => {
    const words = "the server sends elsewhere (308): https://www.mitienda.mx/sync/pull-changes";
    expect(pullRedirectedTo(status("redirected", words))).toBe("https://www.mitienda.mx");
    expect(pullRedirectedTo(status("redirected", "the server sends elsewhere (302)"))).toBeNull();
    expect(pullRedirectedTo(status("server_error", words))).toBeNull();
  });
});
