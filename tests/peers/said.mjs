// What a peer tells whoever measures it, as `campana-sync watch --json` does.

const say = (told) => process.stdout.write(`${JSON.stringify(told)}\n`);

/** An order rings. */
export const alert = (id) => say({ event: "alert", order_id: id });

/** It is connected, and everything that was pending is here. */
export const inSync = () => say({ event: "status", status: "in_sync" });
