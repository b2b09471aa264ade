import { fileURLToPath } from "node:url";

import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

import { fluent } from "./fluent";
import { icons } from "./icons";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// What `tauri.conf.json` asks of the windows is asked here as well, so that a test in a browser
// fails where the app would.
const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export default defineConfig({
  plugins: [fluent(), icons(), svelte()],
  base: "./",
  clearScreen: false,
  server: {
    port: 5173,
    strictPort: true,
    fs: { allow: [here("."), here("../locales")] },
  },
  preview: { headers: { "Content-Security-Policy": contentSecurityPolicy } },
  build: {
    target: ["es2022", "safari16"],
    // A data: URL for a font would need a wider policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: { main: here("index.html"), settings: here("settings.html") } },
  },
  test: {
    include: ["src/**/*.test.ts", "tests/*.test.ts"],
    testTimeout: 90_000,
    hookTimeout: 60_000,
    // By itself Vitest leaves one processor alone.
    maxWorkers: "100%",
  },
});
