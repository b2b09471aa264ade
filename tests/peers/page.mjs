// How long a page takes from its text to its commit: reads the page's file, stores it in new databases in the folder,
// and prints the milliseconds of processor time of one, over all of them. usage: node page.mjs FOLDER PAGE TIMES
import { mkdtempSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Kept } from "./kept.mjs";

const [folder, file, times] = process.argv.slice(2);
const text = readFileSync(file, "utf8");
const all = Array.from({ length: Number(times) }, () => new Kept(mkdtempSync(join(folder, "page-"))));
const began = process.cpuUsage();
for (const kept of all) kept.store(JSON.parse(text));
const { user, system } = process.cpuUsage(began);
console.log((user + system) / 1000 / all.length);
