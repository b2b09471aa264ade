declare module "*.ftl" {
  /** The messages of a catalogue, read by `ui/fluent.ts` when the windows were built. */
  const body: () => import("@fluent/bundle").FluentResource["body"];
  export default body;
}
