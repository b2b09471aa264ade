import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { expect, test } from "vitest";

const assets = fileURLToPath(new URL("../dist/assets/", import.meta.url));

test("all scripts and styles together stay under 150 KB, compressed", () => {
  const files = readdirSync(assets).filter((name) => /\.(js|css)$/.test(name));
  expect(files.length).toBeGreaterThan(3);
  const sizes = files.map((name) => gzipSync(readFileSync(assets + name)).length);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(150_000);
});

test("nothing is fetched from elsewhere", () => {
  for (const name of readdirSync(assets).filter((each) => each.endsWith(".css"))) {
    expect(readFileSync(assets + name, "utf8")).not.toMatch(/url\(["']?(https?:)?\/\//);
  }
});
