// Networks of their own, in which a cable can be plugged and pulled. They need root, or sudo without a question.
import { atEnd } from "./ending.mjs";
import { finished } from "./program.mjs";

let made = 0;

function asRoot(words) {
  return process.getuid() === 0 ? words : ["sudo", "-n", ...words];
}

async function run(...words) {
  const [command, ...rest] = asRoot(words);
  const end = await finished(command, rest);
  if (end.code !== 0) throw new Error(`${words.join(" ")}: exit ${end.code}: ${end.errors}`);
}

/** A network with nothing but this computer in it. */
export class Network {
  static async make(test) {
    const network = new Network();
    network.name = `campana-${process.pid}-${(made += 1)}`;
    await run("ip", "netns", "add", network.name);
    atEnd(test, () => run("ip", "netns", "delete", network.name));
    await run("ip", "-n", network.name, "link", "set", "lo", "up");
    await run("ip", "-n", network.name, "link", "add", "cable", "type", "veth", "peer", "name", "wall");
    await run("ip", "-n", network.name, "link", "set", "wall", "up");
    return network;
  }

  /** What to run so that a program lives in this network. */
  words(command, ...rest) {
    return asRoot(["ip", "netns", "exec", this.name, command, ...rest]);
  }

  /** Plugs the cable; the computer then has this address. */
  async plug(address) {
    await run("ip", "-n", this.name, "link", "set", "cable", "up");
    await run("ip", "-n", this.name, "address", "add", `${address}/24`, "dev", "cable");
    await run("ip", "-n", this.name, "route", "add", "default", "dev", "cable");
  }

  async unplug() {
    await run("ip", "-n", this.name, "address", "flush", "dev", "cable");
    await run("ip", "-n", this.name, "link", "set", "cable", "down");
  }
}
