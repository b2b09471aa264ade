// Small disks that can be full, read-only, hang or break. Mounting needs root, or sudo without a question.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { atEnd } from "./ending.mjs";

const mounted = new Set();
const hanging = new Set();
// Whatever ends this process, nothing stays mounted.
process.on("exit", () => [...mounted].forEach(unmount));
for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]]) process.once(signal, () => process.exit(code));

function asRoot(...words) {
  const [command, ...rest] = process.getuid() === 0 ? words : ["sudo", "-n", ...words];
  const path = `${process.env.PATH}:/usr/sbin:/sbin`;
  return execFileSync(command, rest, { stdio: "pipe", encoding: "utf8", env: { ...process.env, PATH: path } });
}

function thaw(folder) {
  if (hanging.delete(folder)) asRoot("fsfreeze", "--unfreeze", folder);
}

function unmount(folder) {
  thaw(folder);
  mounted.delete(folder);
  asRoot("umount", "-l", folder);
}

/** A disk in memory, of so many MiB. */
export class SmallDisk {
  constructor(test, folder, megabytes) {
    this.folder = folder;
    mkdirSync(folder);
    asRoot("mount", "-t", "tmpfs", "-o", `size=${megabytes}m,uid=${process.getuid()}`, "tmpfs", folder);
    mounted.add(folder);
    atEnd(test, () => unmount(folder));
  }

  /** Takes all the space that is left. */
  fill() {
    const block = Buffer.alloc(4096, "x");
    for (;;) {
      try {
        writeFileSync(`${this.folder}/filling`, block, { flag: "a" });
      } catch (error) {
        if (error.code === "ENOSPC") return;
        throw error;
      }
    }
  }

  /** Gives back what `fill` took. */
  empty() {
    rmSync(`${this.folder}/filling`);
  }

  /** Nobody may have a file of it open to write. */
  readOnly(on) {
    asRoot("mount", "-o", `remount,${on ? "ro" : "rw"}`, this.folder);
  }
}

/** A disk in a file, that the kernel stops writing to when it finds it broken. */
export class BreakingDisk {
  constructor(test, folder, image) {
    Object.assign(this, { folder, image });
    mkdirSync(folder);
    execFileSync("truncate", ["-s", "32M", image]);
    asRoot("mkfs.ext4", "-q", "-F", "-m", "0", image);
    this.#mount();
    asRoot("chown", String(process.getuid()), folder);
    atEnd(test, () => mounted.has(folder) && unmount(folder));
  }

  #mount() {
    asRoot("mount", "-o", "loop,errors=remount-ro", this.image, this.folder);
    mounted.add(this.folder);
  }

  /** From now on every write fails, also to files that are open. */
  break() {
    const line = readFileSync("/proc/mounts", "utf8").split("\n").find((one) => one.split(" ")[1] === this.folder);
    asRoot("sh", "-c", `echo 1 > /sys/fs/ext4/${basename(line.split(" ")[0])}/trigger_fs_error`);
  }

  /** From now on every write waits, until `goOn`. */
  hang() {
    hanging.add(this.folder);
    asRoot("fsfreeze", "--freeze", this.folder);
  }

  goOn() {
    thaw(this.folder);
  }

  /** What a technician does; nobody may use it. */
  repair() {
    unmount(this.folder);
    try {
      asRoot("e2fsck", "-y", "-f", this.image);
    } catch (error) {
      // 1: errors were found, and corrected.
      if (error.status !== 1) throw error;
    }
    this.#mount();
  }
}
