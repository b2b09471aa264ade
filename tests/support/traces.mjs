// What programs leave behind: files and who may read them, processes and what they were given.
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

function entries(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => ({ path: join(entry.parentPath ?? entry.path, entry.name), isFile: entry.isFile() }));
}

/** A text as UTF-8, UTF-16, base64, hexadecimal, JSON and as part of an address. */
export function formsOf(text) {
  const bytes = Buffer.from(text);
  return [
    bytes, Buffer.from(text, "utf16le"), Buffer.from(bytes.toString("base64").replace(/=+$/, "").slice(0, -1)),
    Buffer.from(bytes.toString("hex")), Buffer.from(JSON.stringify(text).slice(1, -1)), Buffer.from(encodeURIComponent(text)),
  ];
}

/** Whether one of these texts stands in it, in any form. */
export function holds(content, texts) {
  const buffer = Buffer.isBuffer(content) ? content : Buffer.from(content);
  return texts.flatMap(formsOf).some((form) => buffer.includes(form));
}

/** The files below this folder in which one of the texts stands, and how many were looked through. */
export function filesWith(folder, texts) {
  const files = entries(folder).filter(({ isFile }) => isFile).map(({ path }) => path);
  return { found: files.filter((path) => holds(readFileSync(path), texts)), looked: files.length };
}

/** What below this folder, itself included, others than its owner may read or enter: `640 path`. */
export function openToOthers(folder) {
  return [folder, ...entries(folder).map(({ path }) => path)]
    .map((path) => ({ path, mode: lstatSync(path).mode & 0o777 }))
    .filter(({ mode }) => (mode & 0o077) !== 0)
    .map(({ path, mode }) => `${mode.toString(8)} ${path}`);
}

function inProc(pid, name) {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "latin1");
  } catch {
    return "";
  }
}

function isOf(pid, program) {
  try {
    return readlinkSync(`/proc/${pid}/exe`) === program;
  } catch {
    return false;
  }
}

/** The process of this program that was given this home folder. */
export function processOf(program, home) {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map(Number)
    .find((pid) => isOf(pid, program) && inProc(pid, "environ").split("\0").includes(`HOME=${home}`));
}

/** Everything that this process started, and what that started: `{pid, name, words, environment}`. */
export function startedBy(pid) {
  const all = readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map((name) => {
    // The name is in brackets and may hold anything.
    const stat = inProc(name, "stat");
    return { pid: Number(name), parent: Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]) };
  });
  const found = [];
  for (let parents = [pid]; parents.length > 0;) {
    const children = all.filter(({ parent }) => parents.includes(parent)).map((one) => one.pid);
    found.push(...children);
    parents = children;
  }
  return found.map((one) => ({
    pid: one, name: inProc(one, "comm").trim(), words: inProc(one, "cmdline"), environment: inProc(one, "environ"),
  }));
}

/** How large an image of its memory this process may leave when it crashes: `0` for none. */
export function imageAllowed(pid) {
  return /^Max core file size\s+(\S+)/m.exec(inProc(pid, "limits"))?.[1];
}
