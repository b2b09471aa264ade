import type { Appearance } from "../backend/bindings";

/** What of the preferences decides the colours. */
type Colours = Pick<Appearance, "theme" | "high_contrast">;

const contrastAsked = window.matchMedia("(prefers-contrast: more)");
let worn: Colours = { theme: "system", high_contrast: false };

contrastAsked.addEventListener("change", () => wear(worn));

/**
 * Puts the chosen colours on the page: `data-theme` fixes light or dark, `data-contrast` asks for
 * more contrast, which the system may ask for as well.
 */
export function wear(colours: Colours): void {
  worn = colours;
  const { dataset } = document.documentElement;
  if (colours.theme === "system") delete dataset.theme;
  else dataset.theme = colours.theme;
  if (colours.high_contrast || contrastAsked.matches) dataset.contrast = "more";
  else delete dataset.contrast;
}
