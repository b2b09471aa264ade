// How long a page takes from its text to its commit: reads the page's file, stores it in new databases in the folder,
// and prints the milliseconds of processor time of each round. usage: node page.mjs FOLDER PAGE ROUNDS
import { mkdtempSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Kept } from "./kept.mjs";

const [folder, file, rounds] = process.argv.slice(2);
const text = readFileSync(file, "utf8");
for (let round = 0; round < Number(rounds); round += 1) {
  const kept = new Kept(mkdtempSync(join(folder, "page-")));
  const began = process.cpuUsage();
  kept.store(JSON.parse(text));
  const { user, system } = process.cpuUsage(began);
  console.log((user + system) / 1000);
}
