import "./styles/base.css";

import { mount } from "svelte";

import { chooseBackend } from "./backend/choose";
import MainWindow from "./main/MainWindow.svelte";
import { Session } from "./shared/session.svelte";

const target = document.getElementById("app");
if (target) {
  const session = new Session(await chooseBackend());
  mount(MainWindow, { target, props: { session } });
  await session.start();
}
