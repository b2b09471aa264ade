// A loudspeaker that keeps what it played: a sound server without a sound card, and ears for its samples.
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "./places.mjs";
import { finished, Program } from "./program.mjs";
import { until } from "./wait.mjs";

/** Samples a second. */
export const RATE = 48_000;

/** One device that can be plugged in, pulled out and made to hang. Without it there is no sound at all. */
export class Loudspeaker {
  /** Not plugged in yet. */
  constructor(test) {
    this.test = test;
    this.folder = temporaryFolder(test, "campana-sound-");
    this.server = `unix:${join(this.folder, "server")}`;
    this.tape = null;
    const alsa = join(this.folder, "asound.conf");
    writeFileSync(alsa, `pcm.!default { type pulse server "${this.server}" }\nctl.!default { type pulse server "${this.server}" }\n`);
    /** For a program that is to play here and nowhere else. */
    this.environment = { ALSA_CONFIG_PATH: alsa, PULSE_SERVER: this.server };
    this.#own = { ...process.env, ...this.environment, HOME: this.folder, XDG_RUNTIME_DIR: this.folder, XDG_CONFIG_HOME: this.folder };
  }
  #own;
  #daemon;

  static async pluggedIn(test) {
    const loudspeaker = new Loudspeaker(test);
    await loudspeaker.plugIn();
    return loudspeaker;
  }

  /** Begins a new tape. */
  async plugIn() {
    // Its socket would be taken for the new one's.
    await finished("rm", ["-f", join(this.folder, "server")]);
    this.#daemon = new Program(this.test, "pulseaudio", [
      "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1", "--log-target=stderr", "--realtime=no", "--high-priority=no",
      "-L", `module-native-protocol-unix socket=${join(this.folder, "server")} auth-anonymous=1`,
      "-L", `module-null-sink sink_name=counter rate=${RATE} channels=1 format=float32le`,
    ], { env: this.#own });
    await until(() => `the sound server answers; ${this.#daemon.errors.slice(-500)}`,
      async () => (await finished("pactl", ["info"], { env: this.#own })).code === 0, { every: 100 });
    const tape = join(this.folder, `tape-${Date.now()}.raw`);
    this.recorder = new Program(this.test, "parec", [
      "--device=counter.monitor", "--format=float32le", `--rate=${RATE}`, "--channels=1", "--latency-msec=20", "--raw", tape,
    ], { env: this.#own });
    this.tape = tape;
    await until(() => `the tape runs; ${this.recorder.errors}`, () => this.now() > 0);
  }

  /** As if its plug were pulled. */
  async pullOut() {
    await this.#daemon.kill();
    await this.recorder.kill();
  }

  /** It neither plays nor answers any more, and does not say so. */
  freeze() {
    process.kill(this.#daemon.child.pid, "SIGSTOP");
  }

  thaw() {
    process.kill(this.#daemon.child.pid, "SIGCONT");
  }

  /** How much the tape holds, in seconds: a place on it. */
  now() {
    return existsSync(this.tape) ? statSync(this.tape).size / 4 / RATE : 0;
  }

  /** What is on the tape between two places. */
  between(from, to = this.now()) {
    const bytes = readFileSync(this.tape);
    const [first, last] = [from, to].map((place) => Math.min(Math.floor(place * RATE), Math.floor(bytes.length / 4)));
    const samples = new Float32Array(last - first);
    for (let index = 0; index < samples.length; index += 1) samples[index] = bytes.readFloatLE((first + index) * 4);
    return samples;
  }

  /** The next so many seconds, once they are on the tape. */
  async next(seconds) {
    const from = this.now();
    return await this.stretch(from, from + seconds);
  }

  /** The tape between two places, once it holds them. */
  async stretch(from, to) {
    await until(`the tape holds ${to.toFixed(1)} s`, () => this.now() >= to, { within: (to - this.now() + 10) * 1000 });
    return this.between(from, to);
  }

  /** Waits until something is to be heard after this place; where it begins. */
  async soundAfter(place, options) {
    // The very first sample is a find too.
    const { at } = await until("something is to be heard", () => {
      const found = this.between(place).findIndex((one) => Math.abs(one) > 0.01);
      return found >= 0 && { at: place + found / RATE };
    }, { every: 100, ...options });
    return at;
  }
}

/** How loud it is: the square root of the mean square. */
export function loudness(samples) {
  return Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / Math.max(samples.length, 1));
}

/** How much of a frequency is in there (Goertzel): 1 for a pure tone of amplitude 1. */
export function strength(samples, frequency) {
  const coefficient = 2 * Math.cos((2 * Math.PI * frequency) / RATE);
  let [one, two] = [0, 0];
  for (const sample of samples) [one, two] = [sample + coefficient * one - two, one];
  return (2 * Math.sqrt(Math.max(0, one * one + two * two - coefficient * one * two))) / samples.length;
}

/** The tones of each chime that the others do not have. */
export const TONES = { bell: [1318.5, 1046.5], marimba: [587.3, 740, 880], buzzer: [700, 2100, 3500] };

/** The chime whose tones are strongest, and how clearly: times the next one. */
export function chime(samples) {
  const found = Object.entries(TONES).map(([name, tones]) => [name, Math.max(...tones.map((tone) => strength(samples, tone)))]);
  found.sort(([, one], [, other]) => other - one);
  return { name: found[0][0], clearly: found[0][1] / found[1][1] };
}
