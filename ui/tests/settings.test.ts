import { describe, expect, test } from "vitest";

import { calls } from "./support/browser";
import { settingsStage } from "./support/settings";

const on = settingsStage();
const secret = "llave-de-prueba-4711";

describe("a form that was never filled in", () => {
  test("asks three questions and sends the answers once", () =>
    on({ scene: "first-run" }, async (page) => {
      await page.getByTestId("welcome-skip").click();
      await page.getByTestId("address-input").fill(" https://pedidos.mitienda.mx/ ");
      await page.getByTestId("key-input").fill(` ${secret} `);
      await page.getByTestId("receiver-campana").click();
      await page.getByTestId("save").click();
      await page.getByTestId("saved-note").waitFor();
      expect(await calls(page)).toEqual([
        {
          command: "save_settings",
          given: {
            address: "https://pedidos.mitienda.mx/",
            key: secret,
            receiver: "campana",
            profile: "auto",
            certificateAuthority: null,
            plainHttp: false,
            shop: null,
          },
        },
      ]);
      expect(await page.getByTestId("address-input").inputValue()).toBe("https://pedidos.mitienda.mx");
    }));

  test("nobody is chosen as the receiver, and saving asks for it", () =>
    on({ scene: "first-run" }, async (page) => {
      await page.getByTestId("welcome-skip").click();
      expect(await page.locator("input[type=radio]:checked").count()).toBe(0);
      await page.getByTestId("address-input").fill("https://pedidos.mitienda.mx");
      await page.getByTestId("key-input").fill(secret);
      await page.getByTestId("save").click();
      expect(await page.getByTestId("field-error").getAttribute("data-field-name")).toBe("receiver");
      expect(await calls(page)).toEqual([]);
      await page.getByTestId("receiver-till").click();
      await page.getByTestId("field-error").waitFor({ state: "detached" });
      await page.getByTestId("save").click();
      await page.getByTestId("saved-note").waitFor();
    }));

  test("what is wrong stands at its field, and the field has the focus", () =>
    on({ scene: "first-run" }, async (page) => {
      await page.getByTestId("welcome-skip").click();
      await page.getByTestId("receiver-campana").click();
      await page.getByTestId("address-input").fill("mi tienda");
      await page.getByTestId("save").click();
      const error = page.getByTestId("field-error");
      expect(await error.getAttribute("data-field-name")).toBe("address");
      expect(await error.textContent()).toContain("no parece una dirección");
      await page.waitForFunction(() => document.activeElement?.id === "address");
    }));
});

describe("the key", () => {
  test("is hidden while it is typed and in no place of the page once it is saved", () =>
    on({}, async (page) => {
      await page.getByTestId("key-change").click();
      const input = page.getByTestId("key-input");
      expect(await input.getAttribute("type")).toBe("password");
      expect(await input.getAttribute("autocomplete")).toBe("off");
      expect(await input.inputValue()).toBe("");
      await input.fill(secret);
      await page.getByTestId("save").click();
      await page.getByTestId("saved-note").waitFor();
      expect(await input.count()).toBe(0);
      const left = await page.evaluate(() => [
        document.documentElement.outerHTML,
        ...[...document.querySelectorAll("input")].map((each) => each.value),
        JSON.stringify({ ...localStorage, ...sessionStorage }),
        location.href,
        document.cookie,
      ]);
      expect(left.join("\n")).not.toContain(secret);
      await page.getByTestId("key-change").click();
      expect(await page.getByTestId("key-input").inputValue()).toBe("");
    }));

  test("is not sent when it was not typed", () =>
    on({}, async (page) => {
      await page.getByTestId("receiver-till").click();
      await page.getByTestId("save").click();
      await page.getByTestId("saved-note").waitFor();
      expect((await calls(page))[0]?.given).toMatchObject({ key: null, receiver: "till" });
    }));

  test("that was typed and then kept is not sent either", () =>
    on({}, async (page) => {
      await page.getByTestId("key-change").click();
      await page.getByTestId("key-input").fill(secret);
      await page.getByText("No cambiar").click();
      await page.getByTestId("save").click();
      await page.getByTestId("saved-note").waitFor();
      expect((await calls(page))[0]?.given).toMatchObject({ key: null });
    }));

  test("stays in the field when saving fails, so that it need not be typed again", () =>
    on({ fail: "save_settings:keyring-locked:key" }, async (page) => {
      await page.getByTestId("key-change").click();
      await page.getByTestId("key-input").fill(secret);
      await page.getByTestId("save").click();
      expect(await page.getByTestId("field-error").textContent()).toContain("El llavero está bloqueado");
      expect(await page.getByTestId("key-input").inputValue()).toBe(secret);
    }));

  test("is removed only after a second word", () =>
    on({}, async (page) => {
      await page.getByTestId("key-remove").click();
      expect(await calls(page)).toEqual([]);
      await page.getByTestId("key-remove-yes").click();
      await page.getByTestId("key-input").waitFor();
      expect(await calls(page)).toEqual([{ command: "remove_key" }]);
    }));

  test("says where it is, and the system's own cannot be changed here", () =>
    on({ scene: "settings-environment" }, async (page) => {
      expect(await page.getByTestId("key-place").getAttribute("data-place")).toBe("environment");
      expect(await page.getByTestId("key-change").count()).toBe(0);
      expect(await page.getByTestId("key-remove").count()).toBe(0);
    }));
});

describe("the way in which the server speaks", () => {
  test("is found out unless somebody chooses, and the choice is sent", () =>
    on({}, async (page) => {
      await page.getByTestId("advanced").click();
      const select = page.getByLabel("Tipo de servidor");
      expect(await select.inputValue()).toBe("auto");
      expect(await page.locator("#profile option:checked").textContent()).toBe("Automático");
      expect(await select.getAttribute("aria-describedby")).toBe("profile-explained");
      await select.selectOption("unified-legacy");
      await page.evaluate(() => window.campanaFake?.ring("50", "Ana"));
      expect(await select.inputValue(), "what is being chosen stays").toBe("unified-legacy");
      await page.getByTestId("save").click();
      await page.getByTestId("saved-note").waitFor();
      expect((await calls(page))[0]?.given).toMatchObject({ profile: "unified-legacy", key: null });
      await select.selectOption("auto");
      await page.getByTestId("saved-note").waitFor({ state: "detached" });
      await page.getByTestId("save").click();
      await page.getByTestId("saved-note").waitFor();
      expect((await calls(page))[1]?.given).toMatchObject({ profile: "auto" });
    }));

  test("is shown as it was chosen, and goes along with a test of the connection", () =>
    on({ scene: "settings-unified", language: "en" }, async (page) => {
      expect(await page.locator("#profile option:checked").textContent()).toBe("Unified");
      await page.getByTestId("test-connection").click();
      await page.getByTestId("check-verdict").waitFor();
      expect((await calls(page))[0]?.given).toMatchObject({ profile: "unified" });
    }));
});

describe("testing the connection", () => {
  test("shows each check in its line as it comes, and saves nothing", () =>
    on({}, async (page) => {
      await page.getByTestId("test-connection").click();
      await page.getByTestId("check-line").first().waitFor();
      expect(await page.getByTestId("check-pending").count()).toBe(1);
      await page.getByTestId("check-verdict").waitFor();
      expect(await page.getByTestId("check-verdict").innerText()).toBe("Todo está bien.");
      expect(await page.getByTestId("check-line").count()).toBe(14);
      expect(await page.getByTestId("check-pending").count()).toBe(0);
      expect((await calls(page)).map((call) => call.command)).toEqual(["test_connection"]);
    }));

  test("says in the line that failed what to do, and which were not tried for it", () =>
    on({ scene: "key-refused" }, async (page) => {
      await page.getByTestId("test-connection").click();
      await page.getByTestId("check-verdict").waitFor();
      const line = (check: string) => page.locator(`[data-testid=check-line][data-check=${check}]`);
      expect(await line("pull").getAttribute("data-outcome")).toBe("failed");
      expect(await line("pull").textContent()).toContain("Cópiela otra vez desde el servidor");
      expect(await line("round_trip").textContent()).toContain("antes falló «Clave en los avisos»");
      expect(await page.getByTestId("check-verdict").textContent()).toContain("Hay 2 fallas");
      // The first of them is where one looks.
      const box = await line("socket_key").boundingBox();
      expect(box && box.y > 0 && box.y + box.height < 620).toBe(true);
    }));

  test("tells a warning from a failure", () =>
    on({ scene: "polling", language: "en" }, async (page) => {
      await page.getByTestId("test-connection").click();
      await page.getByTestId("check-verdict").waitFor();
      expect(await page.locator("[data-testid=check-line][data-outcome=warning]").count()).toBe(2);
      expect(await page.getByTestId("check-verdict").innerText()).toBe("It works, with 2 warnings.");
    }));

  test("leaves no check turning when the form itself is wrong", () =>
    on({}, async (page) => {
      await page.getByTestId("address-input").fill("");
      await page.getByTestId("test-connection").click();
      await page.getByTestId("field-error").waitFor();
      expect(await page.getByTestId("check-pending").count()).toBe(0);
    }));
});

test("an order that comes in does not undo what is being typed", () =>
  on({}, async (page) => {
    await page.getByTestId("address-input").fill("https://otra.mx");
    await page.evaluate(() => window.campanaFake?.ring("50", "Ana"));
    expect(await page.getByTestId("address-input").inputValue()).toBe("https://otra.mx");
  }));

describe("an address that goes in the clear", () => {
  test("is used only after a tick, which holds for this address alone", () =>
    on({}, async (page) => {
      await page.getByTestId("key-change").click();
      await page.getByTestId("key-input").fill(secret);
      await page.getByTestId("address-input").fill("http://otra.mx");
      await page.getByTestId("save").click();
      await page.getByTestId("plain-http").waitFor();
      await page.waitForFunction(() => document.activeElement?.getAttribute("type") === "checkbox");
      await page.keyboard.press("Space");
      await page.getByTestId("address-input").fill("http://otra.com.mx");
      expect(await page.getByTestId("plain-http").count(), "another address is asked about anew").toBe(0);
      await page.getByTestId("save").click();
      await page.getByTestId("plain-http-meant").check();
      await page.getByTestId("save").click();
      await page.getByTestId("shop-other").click();
      await page.getByTestId("saved-note").waitFor();
      expect((await calls(page)).at(-1)?.given).toMatchObject({ address: "http://otra.com.mx", plainHttp: true });
    }));

  test("and that nobody allowed is shown as what is wrong", () =>
    on({ scene: "settings-plain-http" }, async (page) => {
      expect(await page.getByTestId("plain-http").innerText()).toContain("no va cifrada");
      expect(await page.getByTestId("address-input").getAttribute("aria-invalid")).toBe("true");
    }));
});

describe("another address", () => {
  test.each(["same", "other"] as const)("asks whose orders it brings: %s", (answer) =>
    on({}, async (page) => {
      await page.getByTestId("address-input").fill("https://nueva.mx");
      await page.getByTestId("save").click();
      await page.getByTestId("shop-question").waitFor();
      await page.waitForFunction(() => document.activeElement?.getAttribute("data-testid") === "shop-same");
      await page.getByTestId(`shop-${answer}`).click();
      await page.getByTestId("saved-note").waitFor();
      expect(await page.getByTestId("shop-question").count()).toBe(0);
      const sent = (await calls(page)).map((call) => (call.given as { shop: unknown }).shop);
      expect(sent).toEqual([null, answer]);
    }),
  );

  test("and nothing is saved when the question is left", () =>
    on({}, async (page) => {
      await page.getByTestId("address-input").fill("https://nueva.mx");
      await page.getByTestId("save").click();
      await page.getByTestId("shop-cancel").click();
      expect(await page.getByTestId("saved-note").count()).toBe(0);
      expect(await page.getByTestId("address-input").inputValue()).toBe("https://nueva.mx");
    }));

  test("to which the last pull was sent is offered before anything is tried", () =>
    on({ scene: "settings-redirected" }, async (page) => {
      expect(await page.getByTestId("elsewhere").textContent()).toBe("Cambie la dirección a https://www.mitienda.mx/pedidos");
      await page.getByTestId("use-elsewhere").click();
      expect(await page.getByTestId("address-input").inputValue()).toBe("https://www.mitienda.mx/pedidos");
    }));

  test("to which the server sends is filled in by a button and tried", () =>
    on({ scene: "settings-redirected" }, async (page) => {
      await page.getByTestId("test-connection").click();
      await page.getByText("Cambie la dirección a https://www.mitienda.mx").waitFor();
      await page.getByTestId("check-verdict").waitFor();
      await page.getByTestId("use-elsewhere").click();
      expect(await page.getByTestId("address-input").inputValue()).toBe("https://www.mitienda.mx");
      await page.waitForFunction(() => window.campanaFake?.calls.length === 2);
      expect((await calls(page))[1]?.given).toMatchObject({ address: "https://www.mitienda.mx" });
    }));
});

describe("an own certificate authority", () => {
  test("is behind the advanced options, and sent when it was typed", () =>
    on({}, async (page) => {
      expect(await page.getByTestId("certificate-authority").count()).toBe(0);
      await page.getByTestId("advanced").click();
      await page.getByTestId("certificate-authority").fill(" /datos/propia.pem ");
      await page.getByTestId("save").click();
      await page.getByTestId("saved-note").waitFor();
      expect((await calls(page))[0]?.given).toMatchObject({ certificateAuthority: "/datos/propia.pem" });
    }));

  test("that is none is said at its field", () =>
    on({}, async (page) => {
      await page.getByTestId("advanced").click();
      await page.getByTestId("certificate-authority").fill("/datos/nota.txt");
      await page.getByTestId("save").click();
      expect(await page.getByTestId("field-error").getAttribute("data-field-name")).toBe("certificate_authority");
      await page.waitForFunction(() => document.activeElement?.id === "certificate-authority");
    }));
});

describe("typing a key", () => {
  test("can be looked at while it is typed, and is hidden for the next one", () =>
    on({}, async (page) => {
      await page.getByTestId("key-change").click();
      const input = page.getByTestId("key-input");
      await input.fill(secret);
      await page.getByTestId("key-reveal").click();
      expect(await input.getAttribute("type")).toBe("text");
      await page.getByTestId("key-reveal").click();
      expect(await input.getAttribute("type")).toBe("password");
      await page.getByTestId("key-reveal").click();
      await page.getByTestId("save").click();
      await page.getByTestId("saved-note").waitFor();
      await page.getByTestId("key-change").click();
      expect(await page.getByTestId("key-input").getAttribute("type")).toBe("password");
    }));

  test("can be spared by a button, where the system allows it", () =>
    on({ context: { permissions: ["clipboard-read", "clipboard-write"] } }, async (page) => {
      await page.getByTestId("key-change").click();
      await page.evaluate((text) => navigator.clipboard.writeText(`${text}\n`), secret);
      await page.getByTestId("key-paste").click();
      await page.waitForFunction(
        (text) => document.querySelector<HTMLInputElement>("#key")?.value === text,
        secret,
      );
    }));

  test("and else by the keys, which is said", () =>
    on({ context: { permissions: [] } }, async (page) => {
      await page.evaluate(() => {
        navigator.clipboard.readText = () => Promise.reject(new Error("not allowed"));
      });
      await page.getByTestId("key-change").click();
      await page.getByTestId("key-paste").click();
      await page.getByTestId("paste-refused").waitFor();
      await page.waitForFunction(() => document.activeElement?.id === "key");
    }));
});
