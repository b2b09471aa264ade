// Answers that a test orders in advance instead of the true ones.

const HTML = "<!doctype html><html><head><title>Acceso a internet</title></head><body><h1>Inicie sesión en la red</h1></body></html>";

const FIELDS = new Set(["for", "times", "status", "headers", "body", "bodyBytes", "mode", "apply", "seconds"]);
const MODES = new Set(["html", "truncated", "hang", "slow", "reset", "tech006", "tech007", "empty-object", "retry-after"]);

/** The body of an error, as the deployed servers write it. */
export function errorBody(code, message, details = {}) {
  return JSON.stringify({ error: { code, message, type: "TECHNICAL", timestamp: new Date().toISOString(), details } });
}

/** The answers ordered in advance, first come, first served. */
export class PlannedAnswers {
  #planned = [];

  /** Throws an `Error` with the reason when the plan is not understood. */
  plan(answer) {
    const unknown = Object.keys(answer).find((name) => !FIELDS.has(name));
    if (unknown) throw new Error(`an answer has no member "${unknown}"`);
    if (answer.mode !== undefined && !MODES.has(answer.mode)) throw new Error(`there is no mode "${answer.mode}"`);
    const kind = answer.for ?? "any";
    if (!["pull", "confirm", "any"].includes(kind)) throw new Error('"for" is pull, confirm or any');
    const times = answer.times ?? 1;
    if (!Number.isInteger(times) || times < 0) throw new Error('"times" is a whole number');
    if (times > 0) this.#planned.push({ ...answer, for: kind, left: times });
  }

  /** Forgets all that were planned. */
  clear() {
    this.#planned = [];
  }

  get left() {
    return this.#planned.reduce((sum, one) => sum + one.left, 0);
  }

  /** The next planned answer to a call of this kind, or `null`. */
  take(kind) {
    const found = this.#planned.find((one) => one.for === "any" || one.for === kind);
    if (!found) return null;
    found.left -= 1;
    if (found.left === 0) this.#planned = this.#planned.filter((one) => one !== found);
    return found;
  }
}

/** Gives a planned answer; `truePage` makes the text that a true answer would have had. The status given, or the mode. */
export function give(answer, request, response, truePage) {
  const send = (status, type, body, headers = {}) => {
    response.writeHead(answer.status ?? status, { "content-type": type, ...headers, ...answer.headers });
    response.end(body);
    return answer.status ?? status;
  };
  const json = "application/json; charset=utf-8";
  switch (answer.mode) {
    case "hang":
      return "hang";
    case "slow":
      setTimeout(() => send(200, json, truePage()), (answer.seconds ?? 2) * 1000);
      return "slow";
    case "reset":
      request.socket.resetAndDestroy();
      return "reset";
    case "html":
      return send(200, "text/html; charset=utf-8", answer.body ?? HTML);
    case "truncated": {
      const page = Buffer.from(truePage());
      return send(200, json, page.subarray(0, Math.max(1, Math.floor(page.length / 2))));
    }
    case "tech006":
      return send(500, json, errorBody("TECH006", "API key required for this operation"));
    case "tech007":
      return send(500, json, errorBody("TECH007", "Invalid API key"));
    case "empty-object":
      return send(200, json, "{}");
    case "retry-after":
      return send(503, json, errorBody("TECH001", "Try again later"), { "retry-after": String(answer.seconds ?? 2) });
  }
  if (answer.bodyBytes !== undefined) {
    const frame = '{"pending_orders":[],"updated_customers":[],"filling":""}';
    const filling = Buffer.alloc(Math.max(0, answer.bodyBytes - frame.length), "x");
    return send(200, json, Buffer.concat([Buffer.from(frame.slice(0, -2)), filling, Buffer.from('"}')]));
  }
  if (answer.body !== undefined) {
    return send(200, json, typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body));
  }
  return send(500, json, errorBody("SYNC_ERROR", "The answer that a test ordered"));
}
