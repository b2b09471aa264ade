import type { Plugin } from "vite";

type Node = [tag: string, attributes: Record<string, string | number>];

/** Where `@lucide/svelte` keeps an icon: a component that hands its shapes to one that puts them together. */
const ICON = /@lucide[\\/]svelte[\\/]dist[\\/]icons[\\/][\w-]+\.svelte$/;

/**
 * Puts Lucide's icons together when the windows are built, not each time one is shown: that was almost half of
 * what the main window's scripts did until it could be painted. They take `size`, `color`, `strokeWidth`, `class`, `role` and
 * `aria-label`, and are hidden from screen readers unless they have a label.
 */
export function icons(): Plugin {
  return {
    name: "icons",
    enforce: "pre",
    transform(source, id) {
      if (!ICON.test(id)) return null;
      const data = /const iconData = (\{.*\});/.exec(source)?.[1];
      if (data === undefined) throw new Error(`${id} holds no icon as it used to`);
      const { node } = JSON.parse(data) as { node: Node[] };
      return { code: component(node), map: null };
    },
  };
}

function component(node: Node[]): string {
  return `<script>
  let { size = 24, color = "currentColor", strokeWidth = 2, class: names, role, "aria-label": label } = $props();
</script>

<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke-linecap="round" stroke-linejoin="round"
  width={size} height={size} stroke={color} stroke-width={strokeWidth} class={names}
  {role} aria-label={label} aria-hidden={label === undefined ? "true" : undefined}>${node.map(shape).join("")}</svg>`;
}

function shape([tag, attributes]: Node): string {
  const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${value}"`);
  return `<${tag}${written.join("")} />`;
}
