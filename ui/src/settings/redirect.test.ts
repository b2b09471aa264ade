import { describe, expect, test } from "vitest";

import type { CheckView } from "../backend/bindings";
import { redirectedTo } from "./redirect";

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
});
