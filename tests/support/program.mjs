// Programs that a test starts and that never outlive it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { atEnd } from "./ending.mjs";

/** A running program whose lines are kept. */
export class Program {
  lines = [];
  errors = "";
  #ended;

  constructor(test, command, words, { env, onLine, cwd } = {}) {
    this.child = spawn(command, words, { env: env ?? process.env, cwd, stdio: ["ignore", "pipe", "pipe"], detached: true });
    this.#ended = new Promise((resolve) => {
      this.child.once("error", (error) => resolve({ code: null, signal: null, error }));
      this.child.once("close", (code, signal) => resolve({ code, signal }));
    });
    createInterface({ input: this.child.stdout }).on("line", (line) => {
      this.lines.push(line);
      onLine?.(line);
    });
    this.child.stderr.setEncoding("utf8").on("data", (text) => (this.errors += text));
    if (test) atEnd(test, () => this.kill());
  }

  get running() {
    return this.child.exitCode === null && this.child.signalCode === null && this.child.pid !== undefined;
  }

  /** When all of its output is read: `{code, signal}`. */
  ended() {
    return this.#ended;
  }

  /** Ends it as a power cut would (signal 9), or by another signal. */
  async kill(signal = "SIGKILL") {
    this.#signal(signal);
    return await this.#ended;
  }

  /** To the program and everything that it started: a child that lives on would keep the output open. */
  #signal(signal) {
    if (this.child.pid === undefined) return;
    try {
      process.kill(-this.child.pid, signal);
    } catch (error) {
      if (error.code !== "ESRCH") throw error;
    }
  }
}

/** Runs a program to its end: `{code, signal, lines, errors}`. */
export async function finished(command, words, options = {}) {
  const program = new Program(null, command, words, options);
  const limit = setTimeout(() => program.kill(), options.within ?? 60_000);
  const end = await program.ended();
  clearTimeout(limit);
  if (end.error) throw end.error;
  return { ...end, lines: program.lines, errors: program.errors };
}

/** The processes that see this home as theirs: the app's, those of its windows, and what would start it again. */
export function runningIn(home) {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name)).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(`HOME=${home}`);
    } catch {
      return false; // It ended meanwhile.
    }
  });
}

/** A port that was free a moment ago. */
export async function freePort() {
  const { createServer } = await import("node:net");
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}
