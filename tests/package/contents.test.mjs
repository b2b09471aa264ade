// What is in the packages, and what they say of themselves.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { built, temporaryFolder, TOP } from "../support/places.mjs";
import { DEB, RPM, tool } from "../support/packages.mjs";

const SIZES = ["16x16", "22x22", "24x24", "32x32", "48x48", "64x64", "128x128", "256x256", "512x512"];
const FILES = [
  "/usr/bin/campana",
  "/usr/share/applications/Campana.desktop",
  "/usr/share/metainfo/mx.campana.app.metainfo.xml",
  ...["LICENSE-APACHE", "LICENSE-MIT", "changelog.gz", "copyright", "third-party-licences.txt.gz", "third-party.txt"]
    .map((name) => `/usr/share/doc/campana/${name}`),
  ...SIZES.map((size) => `/usr/share/icons/hicolor/${size}/apps/campana.png`),
  "/usr/share/icons/hicolor/scalable/apps/campana.svg",
].sort();

/** The deb's files in a folder. */
async function unpacked(t) {
  const folder = temporaryFolder(t);
  await tool("dpkg-deb", "-x", DEB, folder);
  return folder;
}

/** A program that checks a file, and finds nothing in it. */
async function approves(...words) {
  const said = await tool(...words);
  assert.ok(!/error|warning|hint/i.test(said.join("\n")), said.join("\n"));
}

test("the deb holds what belongs to it, for everybody to read and for root alone to change", async () => {
  const entries = (await tool("sh", "-c", `dpkg-deb --fsys-tarfile "$0" | tar -t --verbose --numeric-owner`, DEB)).map((line) => {
    const [mode, owner, , , , path] = line.split(/\s+/);
    return { mode, owner, path: path.replace(/^(\.\/|\/)?/, "/") };
  });
  const files = entries.filter(({ mode }) => !mode.startsWith("d"));
  assert.deepEqual(files.map(({ path }) => path).sort(), FILES);
  for (const { mode, owner, path } of entries) {
    assert.equal(owner, "0/0", path);
    const expected = mode.startsWith("d") ? "drwxr-xr-x" : path === "/usr/bin/campana" ? "-rwxr-xr-x" : "-rw-r--r--";
    assert.equal(mode, expected, path);
  }
});

test("the deb touches nothing but its files: it brings no script", async (t) => {
  const folder = temporaryFolder(t);
  await tool("dpkg-deb", "-e", DEB, folder);
  assert.deepEqual(readdirSync(folder).sort(), ["control", "md5sums"]);
});

test("the packages have the version of the program", async () => {
  const [said] = await tool(built("campana"), "--version");
  const version = said.replace("campana ", "");
  assert.deepEqual(await tool("dpkg-deb", "-f", DEB, "Package", "Version"), ["Package: campana", `Version: ${version}`]);
  assert.deepEqual(await tool("rpm", "-qp", "--queryformat", "%{NAME} %{VERSION}\\n", RPM), [`campana ${version}`]);
});

test("the menu and the software centre are told in words that they accept", async (t) => {
  const folder = await unpacked(t);
  const entry = join(folder, "usr/share/applications/Campana.desktop");
  const metainfo = join(folder, "usr/share/metainfo/mx.campana.app.metainfo.xml");
  await approves("desktop-file-validate", entry);
  await approves("appstreamcli", "validate", "--no-net", metainfo);
  for (const words of [/^Name=Campana$/m, /^Comment\[es\]=\S/m, /^Keywords\[es\]=\S/m, /^Exec=campana$/m, /^Icon=campana$/m]) {
    assert.match(readFileSync(entry, "utf8"), words);
  }
  assert.match(readFileSync(metainfo, "utf8"), /<release version="\d[^"]*" date="\d{4}-\d\d-\d\d"\/>/);
});

test("the licences of everything that is in it go along, word by word", async (t) => {
  const documents = join(await unpacked(t), "usr/share/doc/campana");
  for (const name of ["LICENSE-MIT", "LICENSE-APACHE"]) {
    assert.equal(readFileSync(join(documents, name), "utf8"), readFileSync(join(TOP, name), "utf8"));
  }
  const list = readFileSync(join(documents, "third-party.txt"), "utf8").trimEnd().split("\n");
  const texts = gunzipSync(readFileSync(join(documents, "third-party-licences.txt.gz"))).toString();
  const named = new Set(texts.split("\n").flatMap((line) => line.split(", ")));
  assert.deepEqual(list.map((line) => line.split(" · ")[0]).filter((name) => !named.has(name)), []);
  for (const words of [/SIL OPEN FONT LICENSE/i, /Mozilla Public License Version 2\.0/, /Permission is hereby granted/]) {
    assert.match(texts, words);
  }
  assert.match(gunzipSync(readFileSync(join(documents, "changelog.gz"))).toString(), /^# Changelog/);
});

test("the rpm holds the same, and asks for what it needs in the words of other distributions", async () => {
  assert.deepEqual((await tool("rpm", "-qpl", RPM)).sort(), FILES);
  assert.deepEqual(await tool("rpm", "-qp", "--scripts", RPM), []);
  const needs = await tool("rpm", "-qp", "--requires", RPM);
  const linked = (await tool("objdump", "-p", built("campana"))).flatMap((line) => /NEEDED\s+(\S+)/.exec(line)?.[1] ?? []);
  assert.ok(linked.includes("libwebkit2gtk-4.1.so.0"), "the search finds what is there");
  for (const name of linked) assert.ok(needs.includes(`${name}()(64bit)`), name);
  assert.ok(needs.some((one) => /^libc\.so\.6\(GLIBC_2\.\d+\)\(64bit\)$/.test(one)), needs.join("\n"));
});

test("every icon has the size that its folder says", async (t) => {
  const icons = join(await unpacked(t), "usr/share/icons/hicolor");
  assert.ok(existsSync(join(icons, "scalable/apps/campana.svg")));
  for (const size of SIZES) {
    assert.deepEqual(await tool("identify", "-format", "%wx%h\n", join(icons, size, "apps/campana.png")), [size]);
  }
});
