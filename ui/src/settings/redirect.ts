import type { CheckView, StatusView } from "../backend/bindings";

/** What Campana itself adds to the address, so that what stands before it is the server's. */
const added = /\/(?:socket\.io|sync(?:\/pull-changes)?)\/?$/;

/**
 * The address to which a server sends that is somewhere else; `null` when it sends nowhere, or to a page
 * that is no backend's.
 */
export function redirectedTo(checks: CheckView[]): string | null {
  for (const { code, detail } of checks) {
    const address = code === "redirected" ? base(detail) : null;
    if (address !== null) return address;
  }
  return null;
}

/** The same, as the last pull found it. */
export function pullRedirectedTo({ cause, detail }: StatusView): string | null {
  if (cause !== "redirected") return null;
  return base(/https?:\/\/\S+/.exec(detail ?? "")?.[0] ?? null);
}

function base(found: string | null): string | null {
  if (found === null || !URL.canParse(found)) return null;
  const { origin, pathname } = new URL(found);
  return added.test(pathname) ? origin + pathname.replace(added, "") : null;
}
