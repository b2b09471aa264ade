// Waiting for something to become true, with a deadline and a reason.
import { setTimeout as pause } from "node:timers/promises";

/**
 * Asks `probe` again and again until it answers something true, and answers that.
 * `within` and `every` are milliseconds. Throws an `Error` that says what did not happen,
 * with the last error of `probe` as its cause.
 */
export async function until(what, probe, { within = 15_000, every = 50 } = {}) {
  const deadline = performance.now() + within;
  let last;
  for (;;) {
    try {
      const answer = await probe();
      if (answer) return answer;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (performance.now() >= deadline) {
      throw new Error(`not within ${within / 1000} s: ${typeof what === "function" ? what() : what}`, { cause: last });
    }
    await pause(every);
  }
}
