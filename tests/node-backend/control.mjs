// `/control/*`: what a test tells the backend to do. No key.

const JSON_TYPE = { "content-type": "application/json; charset=utf-8" };

/** An order to the backend that it does not understand. */
class NotUnderstood extends Error {}

function wholeNumber(value, name, otherwise) {
  const number = value ?? otherwise;
  if (!Number.isInteger(number) || number < 0) throw new NotUnderstood(`"${name}" is a whole number`);
  return number;
}

const DEEDS = {
  orders(backend, { count, hint = true, burstHints, hoursAgo }) {
    const ids = backend.makeSampleOrders(wholeNumber(count, "count", 1), { hint, hoursAgo: wholeNumber(hoursAgo, "hoursAgo", 0) });
    backend.hint(wholeNumber(burstHints, "burstHints", 0));
    return { ids };
  },
  hints(backend, { count }) {
    backend.hint(wholeNumber(count, "count", 1));
  },
  kick(backend) {
    backend.kick();
  },
  answer(backend, answer) {
    try {
      backend.planned.plan(answer);
    } catch (error) {
      throw new NotUnderstood(error.message);
    }
  },
  "clear-answers"(backend) {
    backend.planned.clear();
  },
  profile(backend, { profile, elsewhere }) {
    try {
      backend.speak(profile, elsewhere);
    } catch (error) {
      throw new NotUnderstood(error.message);
    }
  },
  unconfirmable(backend, { ids }) {
    if (!Array.isArray(ids)) throw new NotUnderstood('"ids" is a list');
    backend.store.refuseToConfirm(ids.map(String));
  },
  key(backend, { key }) {
    if (typeof key !== "string" || key === "") throw new NotUnderstood('"key" is a text');
    backend.key = key;
  },
  "authentication-fails"(backend, { on = true }) {
    backend.authenticationFails = on;
  },
  "answers-sync-orders"(backend, { on = true }) {
    backend.answersSyncOrders = on;
  },
  "extra-elements"(backend, { raw, kind = "order" }) {
    if (!Array.isArray(raw) || raw.some((one) => typeof one !== "string")) throw new NotUnderstood('"raw" is a list of texts');
    if (!["order", "customer"].includes(kind)) throw new NotUnderstood('"kind" is order or customer');
    backend.store.setExtra(kind, raw);
  },
  edit(backend, { id, change = {}, hint = true }) {
    if (!backend.editOrder(id, change, { hint })) throw new NotUnderstood(`there is no order ${id}`);
  },
};

/** Does what `POST /control/<name>` asks, or tells the state. */
export async function control(backend, name, request, response, bodyOf) {
  const answer = (status, value) => response.writeHead(status, JSON_TYPE).end(JSON.stringify(value));
  if (name === "state" && request.method === "GET") return answer(200, backend.state());
  const deed = Object.hasOwn(DEEDS, name) ? DEEDS[name] : null;
  if (!deed || request.method !== "POST") return answer(404, { message: `there is no control "${name}"` });
  try {
    const text = (await bodyOf(request)) ?? "";
    const told = text.trim() === "" ? {} : JSON.parse(text);
    if (typeof told !== "object" || told === null || Array.isArray(told)) throw new NotUnderstood("the body is a JSON object");
    return answer(200, deed(backend, told) ?? {});
  } catch (error) {
    if (error instanceof NotUnderstood || error instanceof SyntaxError) return answer(400, { message: error.message });
    throw error;
  }
}
