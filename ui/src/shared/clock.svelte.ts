const calm = 15_000;
const counting = 1_000;

/**
 * The windows' one timer. It ticks every 15 seconds, which is enough for ages, and every second
 * while a countdown is on the screen.
 */
class Clock {
  now = $state(Date.now());
  #countdowns = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** Starts it; the function that comes back stops it. */
  start(): () => void {
    this.#schedule();
    return () => clearInterval(this.#timer);
  }

  /** Ticks every second until the function that comes back is called. */
  countDown(): () => void {
    this.#countdowns += 1;
    this.#schedule();
    return () => {
      this.#countdowns -= 1;
      this.#schedule();
    };
  }

  /** What just arrived is measured against the moment it arrived at. */
  refresh(): void {
    this.now = Date.now();
  }

  #schedule(): void {
    clearInterval(this.#timer);
    this.refresh();
    this.#timer = setInterval(() => this.refresh(), this.#countdowns > 0 ? counting : calm);
  }
}

export const clock = new Clock();
