// The guide's client made as safe as Campana: it pulls when it connects and after every hint that came meanwhile, pulls
// until nothing is left, keeps each page in SQLite before it confirms it, and takes the confirmation's answer as the
// next page.
import { io } from "socket.io-client";
import { Kept } from "./kept.mjs";
import { alert, inSync } from "./said.mjs";

const { BACKEND_URL, CLOUD_API_KEY, DATA_DIR } = process.env;

class SafeClient {
  #kept = new Kept(DATA_DIR);
  #isProcessing = false;
  #isWanted = false;

  connect() {
    const socket = io(`${BACKEND_URL}/sync`, { auth: { apiKey: CLOUD_API_KEY }, transports: ["websocket", "polling"] });
    socket.on("connect", async () => {
      await this.#sync();
      inSync();
    });
    socket.on("changes:pending", () => this.#sync());
    socket.on("connect_error", (error) => console.error(error.message));
  }

  async #sync() {
    this.#isWanted = true;
    if (this.#isProcessing) return;
    this.#isProcessing = true;
    try {
      while (this.#isWanted) {
        this.#isWanted = false;
        await this.#round();
      }
    } catch (error) {
      console.error(error);
    } finally {
      this.#isProcessing = false;
    }
  }

  async #round() {
    let page = await this.#call({ method: "GET" });
    while (page.pending_orders.length > 0 || page.updated_customers.length > 0) {
      for (const id of this.#kept.store(page)) alert(id);
      page = await this.#call({
        method: "POST",
        body: JSON.stringify({
          confirmedOrders: page.pending_orders.map(({ id }) => ({ orderId: id })),
          confirmedCustomerIds: page.updated_customers.map(({ id }) => id),
        }),
      });
    }
  }

  async #call(options) {
    const headers = { Authorization: `Bearer ${CLOUD_API_KEY}`, "Content-Type": "application/json" };
    const response = await fetch(`${BACKEND_URL}/sync/pull-changes`, { ...options, headers });
    if (!response.ok) throw new Error(`Error ${response.status}: ${response.statusText}`);
    return await response.json();
  }
}

new SafeClient().connect();
