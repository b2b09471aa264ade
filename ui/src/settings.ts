import "./styles/base.css";
import "./settings/fields.css";

import { mount } from "svelte";

import { chooseBackend } from "./backend/choose";
import SettingsWindow from "./settings/SettingsWindow.svelte";
import { Session } from "./shared/session.svelte";

const target = document.getElementById("app");
if (target) {
  const session = new Session(await chooseBackend());
  mount(SettingsWindow, { target, props: { session } });
  await session.start();
}
