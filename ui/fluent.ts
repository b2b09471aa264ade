import { FluentResource } from "@fluent/bundle";
import type { Plugin } from "vite";

/**
 * Reads catalogues when the windows are built, not when they open: what a `.ftl` file gives is the body of a
 * `FluentResource`. JSON is read several times faster than the same text as a program, and once it is needed only.
 */
export function fluent(): Plugin {
  return {
    name: "fluent",
    enforce: "pre",
    transform(source, id) {
      if (!id.endsWith(".ftl")) return null;
      const body = JSON.stringify(new FluentResource(source).body);
      return { code: `export default () => JSON.parse(${JSON.stringify(body)});`, map: null, moduleType: "js" };
    },
  };
}
