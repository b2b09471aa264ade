// What a process and everything that it started hold in memory, as the system tells it.
import { readdirSync, readFileSync } from "node:fs";

function read(process, file) {
  try {
    return readFileSync(`/proc/${process}/${file}`, "utf8");
  } catch {
    return null; // It ended meanwhile.
  }
}

/** Every process below this one, and itself: `{process, name, pss}`, `pss` in MiB with what is shared by its share. */
export function processes(root) {
  const parents = new Map();
  for (const entry of readdirSync("/proc")) {
    const fields = /^\d+$/.test(entry) && read(entry, "stat")?.split(") ").at(-1).split(" ");
    if (fields) parents.set(Number(entry), Number(fields[1]));
  }
  const below = (process) => process === root || (parents.has(process) && below(parents.get(process)));
  return [...parents.keys()].filter(below).flatMap((process) => {
    const kibibytes = /^Pss:\s+(\d+)/m.exec(read(process, "smaps_rollup") ?? "")?.[1];
    return kibibytes ? [{ process, name: read(process, "comm")?.trim() ?? "", pss: Number(kibibytes) / 1024 }] : [];
  });
}

/** What all of them hold together, in MiB. */
export function together(root) {
  return processes(root).reduce((sum, { pss }) => sum + pss, 0);
}
