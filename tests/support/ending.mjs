// What a test leaves behind is cleared away in the opposite order: programs end before their folders go.
const ENDINGS = new WeakMap();

/** Does `work` at the end of this test, before everything that was given earlier. */
export function atEnd(test, work) {
  let works = ENDINGS.get(test);
  if (!works) {
    works = [];
    ENDINGS.set(test, works);
    test.after(async () => {
      const failures = [];
      for (const one of works.reverse()) {
        try {
          await one();
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw new AggregateError(failures, failures.map((one) => one.message).join("; "));
    });
  }
  works.push(work);
}
