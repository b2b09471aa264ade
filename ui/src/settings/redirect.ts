import type { CheckView } from "../backend/bindings";

/** What Campana itself adds to the address, so that what stands before it is the server's. */
const added = /\/(?:socket\.io|sync(?:\/pull-changes)?)\/?$/;

/**
 * The address to which a server sends that is somewhere else; `null` when it sends nowhere, or to a page
 * that is no backend's.
 */
export function redirectedTo(checks: CheckView[]): string | null {
  for (const { code, detail } of checks) {
    if (code !== "redirected" || detail === null || !URL.canParse(detail)) continue;
    const { origin, pathname } = new URL(detail);
    if (added.test(pathname)) return origin + pathname.replace(added, "");
  }
  return null;
}
