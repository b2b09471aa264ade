// The notifications that a recording desktop got.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { TOP } from "./places.mjs";
import { finished, Program } from "./program.mjs";
import { until } from "./wait.mjs";

const NAME = "org.freedesktop.Notifications";

function recorded(path) {
  if (!path) throw new Error("run it with NOTIFICATIONS=record");
  try {
    return readFileSync(path, "utf8").split("\n");
  } catch (error) {
    if (error.code === "ENOENT") return [];
    throw error;
  }
}

/** Each notification as the bus saw it, with the number that the desktop gave it; empty before the first. */
export function notifications(path = process.env.NOTIFICATION_LOG) {
  let next = 1;
  return recorded(path).filter((line) => / Notify /.test(line)).map((line) => {
    const replaced = Number(/ Notify "[^"]*" (\d+)/.exec(line)?.[1] ?? 0);
    return { line, number: replaced || next++ };
  });
}

/** The numbers of those that the app took back. */
export function withdrawn(path = process.env.NOTIFICATION_LOG) {
  return recorded(path).flatMap((line) => / CloseNotification (\d+)/.exec(line)?.[1] ?? []).map(Number);
}

/** A session bus of its own, on which there is nothing but what a test puts there. */
export class PrivateBus {
  static async start(test, folder) {
    const { writeFileSync } = await import("node:fs");
    const config = join(folder, "bus.conf");
    writeFileSync(config, `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
      "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
      <busconfig><type>session</type><listen>unix:dir=${folder}</listen><policy context="default">
      <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`);
    const bus = new PrivateBus();
    bus.test = test;
    const daemon = new Program(test, "dbus-daemon", ["--nofork", "--print-address=1", `--config-file=${config}`]);
    bus.address = await until(() => `the bus says where it is; ${daemon.errors}`, () => daemon.lines[0]);
    bus.environment = { DBUS_SESSION_BUS_ADDRESS: bus.address };
    return bus;
  }

  /** Somebody who takes notifications and writes them to this file. */
  record(path) {
    return this.#desk("/usr/bin/python3", ["-m", "dbusmock", "--session", "--template", "notification_daemon", "-l", path]);
  }

  /** Somebody who takes calls and never answers. */
  hang() {
    return this.#desk("/usr/bin/python3", [join(TOP, "tests/support/session-bus.py"), "hang", NAME]);
  }

  /** Somebody who keeps the tray's list, shows it from the signal USR1 on, and refuses so many icons first. */
  watch(refusals) {
    return this.#desk("/usr/bin/python3", [join(TOP, "tests/support/session-bus.py"), "watch", refusals], "org.kde.StatusNotifierWatcher");
  }

  async #desk(command, words, name = NAME) {
    const env = { ...process.env, ...this.environment };
    const desk = new Program(this.test, command, words.map(String), { env });
    await until(() => `somebody is ${name}; ${desk.errors}`, async () => {
      const asked = await finished("gdbus", ["call", "--session", "--dest", "org.freedesktop.DBus", "--object-path",
        "/org/freedesktop/DBus", "--method", "org.freedesktop.DBus.NameHasOwner", name], { env });
      return asked.lines.join("").includes("true");
    });
    return desk;
  }
}

/** Answers a notification as a person would: "default" is a tap, others are its buttons. A desktop may hand a token along. */
export async function answer(number, action, token = null) {
  if (token !== null) await emit("ActivationToken", number, token);
  await emit("ActionInvoked", number, action);
}

async function emit(signal, number, text) {
  const end = await finished("gdbus", [
    "call", "--session", "--dest", "org.freedesktop.Notifications", "--object-path", "/org/freedesktop/Notifications",
    "--method", "org.freedesktop.DBus.Mock.EmitSignal",
    "org.freedesktop.Notifications", signal, "us", `[<uint32 ${number}>, <"${text}">]`,
  ]);
  if (end.code !== 0) throw new Error(end.errors);
}
