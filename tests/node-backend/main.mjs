// The test backend as a program.
import { parseArgs } from "node:util";
import { ELSEWHERE, HINT_SHAPES, PROFILES, startNodeBackend } from "./server.mjs";

const USAGE = `usage: node main.mjs --key KEY [--port 0] [--state FILE] [--transports websocket,polling]
  [--hint-shape ${HINT_SHAPES.join("|")}] [--page-size 100] [--profile ${Object.keys(PROFILES).join("|")}]
  [--elsewhere ${Object.keys(ELSEWHERE).join("|")}] [--answers-sync-orders true|false] [--ping-interval MS] [--ping-timeout MS]`;

function fail(reason) {
  process.stderr.write(`${reason}\n${USAGE}\n`);
  process.exit(2);
}

function readOptions() {
  const text = { type: "string" };
  const { values } = parseArgs({
    options: {
      port: text, key: text, state: text, transports: text, "hint-shape": text, "page-size": text, profile: text, elsewhere: text,
      "answers-sync-orders": text, "ping-interval": text, "ping-timeout": text,
    },
  });
  const number = (name, otherwise, least) => {
    const value = values[name] === undefined ? otherwise : Number(values[name]);
    if (!Number.isInteger(value) || value < least) throw new Error(`--${name} is a whole number from ${least}`);
    return value;
  };
  const key = values.key ?? process.env.CLOUD_API_KEY;
  if (!key) throw new Error("--key is missing");
  const transports = (values.transports ?? "websocket,polling").split(",");
  if (transports.some((one) => !["websocket", "polling"].includes(one))) throw new Error("--transports are websocket, polling or both");
  const answers = values["answers-sync-orders"] ?? "true";
  if (!["true", "false"].includes(answers)) throw new Error("--answers-sync-orders is true or false");
  return {
    key, transports, port: number("port", 0, 0), stateFile: values.state ?? null,
    hintShape: values["hint-shape"] ?? "none", pageSize: number("page-size", 100, 1), profile: values.profile ?? "guide",
    elsewhere: values.elsewhere ?? "404",
    answersSyncOrders: answers === "true", pingInterval: number("ping-interval", 25_000, 1), pingTimeout: number("ping-timeout", 20_000, 1),
  };
}

let backend;
try {
  backend = await startNodeBackend(readOptions());
} catch (error) {
  fail(error.message);
}
process.stdout.write(`listening on ${backend.url}\n`);
process.stdout.write("WebSocket sync notification service initialized\n");
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => void backend.stop().then(() => process.exit(0)));
}
