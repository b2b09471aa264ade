// The packages that the step "package" made, and a clean system to install them into.
import { cpSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { atEnd } from "./ending.mjs";
import { KEY } from "./backends.mjs";
import { finished, Program } from "./program.mjs";
import { until } from "./wait.mjs";

function given(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: cargo xtask test --only package`);
  return value;
}

export const DEB = given("CAMPANA_DEB");
export const RPM = given("CAMPANA_RPM");

/** Who works in the clean system: a bus listens only to users that its own system knows, and this one every system knows. */
const USER = "65534";

/** Runs a program that must succeed; its lines. */
export async function tool(name, ...words) {
  const path = `${process.env.PATH}:/usr/sbin:/sbin`;
  const end = await finished(name, words.map(String), { within: 300_000, env: { ...process.env, PATH: path, LC_ALL: "C.UTF-8" } });
  if (end.code !== 0) throw new Error(`${name} ${words.join(" ")}: ${end.code}\n${end.lines.slice(-20).join("\n")}\n${end.errors.slice(-2000)}`);
  return end.lines;
}

/** The same package with another version, without compiling anything. */
export async function withVersion(folder, version) {
  const contents = join(folder, version);
  await tool("dpkg-deb", "-R", DEB, contents);
  const control = join(contents, "DEBIAN/control");
  writeFileSync(control, readFileSync(control, "utf8").replace(/^Version: .*$/m, `Version: ${version}`));
  const made = join(folder, `campana-${version}.deb`);
  await tool("dpkg-deb", "--root-owner-group", "-Zgzip", "-z1", "-b", contents, made);
  return made;
}

/** A system with nothing in it but what Debian is never without, and somebody who has an account there. */
export class CleanSystem {
  static async start(test) {
    const system = new CleanSystem();
    const clean = given("CAMPANA_CLEAN_SYSTEM");
    system.folder = resolve(clean, "../used-system");
    rmSync(system.folder, { recursive: true, force: true });
    atEnd(test, () => rmSync(system.folder, { recursive: true, force: true }));
    await tool("cp", "-a", "--reflink=auto", clean, system.folder);
    // What is fetched once is not fetched again.
    const fetched = resolve(clean, "../fetched");
    mkdirSync(join(fetched, "partial"), { recursive: true });
    await system.#mount("--bind", fetched, "var/cache/apt/archives");
    await system.#mount("-t", "proc", "proc", "proc");
    await system.#mount("--rbind", "/dev", "dev");
    // The screen and the bus of the virtual desktop are in it.
    await system.#mount("--bind", "/tmp", "tmp");
    writeFileSync(join(system.folder, "etc/resolv.conf"), readFileSync("/etc/resolv.conf"));
    await system.run("useradd", "--create-home", "--non-unique", "--uid", USER, "--gid", USER, "--shell", "/bin/sh", "tienda");
    system.home = join(system.folder, "home/tienda");
    atEnd(test, async () => {
      for (const pid of system.processes()) process.kill(pid, "SIGKILL");
      await until("nothing runs in it", () => system.processes().length === 0);
      for (const place of ["tmp", "dev", "proc", "var/cache/apt/archives"]) {
        await tool("umount", "-R", "-l", join(system.folder, place));
      }
    });
    return system;
  }

  async #mount(...words) {
    const place = join(this.folder, words.pop());
    await tool("mount", ...words, place);
    // What is taken away here stays where it came from.
    await tool("mount", "--make-rprivate", place);
  }

  /** Runs a program in it, as root; its lines. */
  run(...words) {
    return tool("chroot", this.folder, "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8",
      "DEBIAN_FRONTEND=noninteractive", ...words);
  }

  /** Installs a package file with what it needs, and nothing else. */
  async install(deb) {
    cpSync(deb, join(this.folder, "srv/campana.deb"));
    return await this.run("apt-get", "install", "-y", "--no-install-recommends", "/srv/campana.deb");
  }

  /** The version that is installed, or null. */
  async version() {
    const lines = await this.run("dpkg-query", "-W", "-f", "${Package} ${db:Status-Status} ${Version}\n");
    return lines.map((line) => line.split(" ")).find(([name, is]) => name === "campana" && is === "installed")?.[2] ?? null;
  }

  /** Starts what the menu starts, as the person whose account it is. */
  async start(test, backend) {
    const runtime = join("/tmp", `campana-run-${process.pid}`);
    mkdirSync(runtime, { recursive: true });
    atEnd(test, () => rmSync(runtime, { recursive: true, force: true }));
    await tool("chown", `${USER}:${USER}`, runtime);
    const environment = {
      PATH: "/usr/bin:/bin", HOME: "/home/tienda", LANG: "C.UTF-8", XDG_RUNTIME_DIR: runtime, DISPLAY: process.env.DISPLAY,
      DBUS_SESSION_BUS_ADDRESS: process.env.DBUS_SESSION_BUS_ADDRESS, XDG_CURRENT_DESKTOP: "XFCE", GDK_BACKEND: "x11",
      LIBGL_ALWAYS_SOFTWARE: "1", NO_AT_BRIDGE: "1", CAMPANA_BACKEND_URL: backend.url, CAMPANA_API_KEY: KEY, CAMPANA_LANG: "es",
    };
    const words = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
    const app = new Program(test, "chroot", [`--userspec=${USER}:${USER}`, this.folder, "env", "-i", ...words, "campana"]);
    await until(() => `the app is connected; ${app.errors.slice(-800)}`,
      async () => app.running && (await backend.state()).connectedClients.length === 1, { within: 30_000 });
    return app;
  }

  /** Writes a file of this person's. */
  async write(path, text) {
    const file = join(this.home, path);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, text);
    await tool("chown", "-R", `${USER}:${USER}`, this.home);
  }

  /** What runs of it now: the numbers of the processes. */
  processes() {
    return readdirSync("/proc").filter((name) => /^\d+$/.test(name)).filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/root`) === this.folder;
      } catch {
        return false;
      }
    }).map(Number);
  }
}
