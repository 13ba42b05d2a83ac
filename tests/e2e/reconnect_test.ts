/** The page finds its way back: the server is stopped, killed and restarted under its feet. */
import assert from "node:assert/strict";
import { BrowserTabs } from "../support/browser_tabs.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TcpProxy } from "../support/tcp_proxy.ts";
import { logOf, sendRaw, waitForRoster } from "../support/test_page.ts";

const tabs = BrowserTabs.share();
/** Chromium logs each attempt that finds no server. */
const expected = /WebSocket connection to .* failed|ERR_CONNECTION_REFUSED/;

Deno.test("[CO9, ER4] the page rejoins by itself when the server is restarted", async () => {
  await withServer(async ({ server, restart }) => {
    const ann = await tabs.open("/test?room=back&user=ann&join=1", { expected, server });
    const link = "/test?room=back&user=bob&join=1&simulate=1";
    const bob = await tabs.open(link, { expected, server });
    const raised = bob.locator('[data-user="ann"]').getByRole("img", { name: "Hand raised" });
    await waitForRoster(ann, "ann", "bob", "bob-1");
    await ann.getByRole("button", { name: "Hand" }).click();
    await raised.waitFor();

    await restart();
    await ann.locator("[data-log-type]").filter({ hasText: "error" }).waitFor();

    await waitForRoster(ann, "ann", "bob", "bob-1");
    await waitForRoster(bob, "ann", "bob", "bob-1");
    await raised.waitFor();
  });
});

Deno.test("[CO9] the page says that it reconnects while there is no server", async () => {
  await withServer(async ({ server, kill, revive }) => {
    const page = await tabs.open("/test?room=gone&user=ann&join=1", { expected, server });
    await waitForRoster(page, "ann");

    await kill();
    const strip = page.getByRole("region", { name: "Connection" });
    await strip.getByText("Reconnecting").waitFor();
    await strip.getByRole("button", { name: "Connect now" }).waitFor();
    await revive();

    await waitForRoster(page, "ann");
  });
});

Deno.test("[RE4, RE7] the page keeps its seat through four network failures", async () => {
  await using server = await ServerProcess.start();
  const network = new TcpProxy(server.port);
  const ann = await tabs.open("/test?room=net&user=ann&join=1", { expected, server: network });
  const bob = await tabs.open("/test?room=net&user=bob&join=1", { server });
  await waitForRoster(bob, "ann", "bob");

  for (let n = 1; n <= 4; n++) {
    network.cut();
    await bob.locator('[data-user="ann"]').getByText("connection lost").waitFor();
    await sendRaw(bob, JSON.stringify({ type: "chat", text: `while away ${n}` }));
    await ann.getByText(`while away ${n}`, { exact: true }).first().waitFor();
    await bob.locator('[data-user="ann"]').getByText("connection lost").waitFor({
      state: "detached",
    });
  }

  await waitForRoster(ann, "ann", "bob");
  const types = await logOf(bob);
  assert.equal(types.filter((type) => type.includes("user-left")).length, 0);
  assert.equal(types.filter((type) => type.includes("user-joined")).length <= 1, true);
  await network.close();
});

Deno.test("the page stays disconnected when told to, until told otherwise", async () => {
  const page = await tabs.open("/test?room=stay&user=ann&join=1");
  await waitForRoster(page, "ann");
  const strip = page.getByRole("region", { name: "Connection" });

  await strip.getByRole("button", { name: "Disconnect" }).click();
  await strip.getByText("Disconnected").waitFor();
  await strip.getByRole("button", { name: "Connect", exact: true }).click();

  await strip.getByText("in no room").waitFor();
});

/** A server of a test's own, and what the test does to it. */
interface OwnServer {
  readonly server: ServerProcess;
  /** Stops it as an operator would, and starts another at the same address. */
  readonly restart: () => Promise<void>;
  /** Kills it; {@linkcode OwnServer.revive} starts another at the same address. */
  readonly kill: () => Promise<void>;
  readonly revive: () => Promise<void>;
}

/** Runs `test` on a server of its own. */
async function withServer(test: (own: OwnServer) => Promise<void>): Promise<void> {
  const server = await ServerProcess.start();
  let running: ServerProcess | undefined = server;
  const kill = async () => {
    await running?.kill();
    running = undefined;
  };
  const revive = async () => {
    running = await ServerProcess.start({ port: server.port });
  };
  const restart = async () => {
    await running?.stop();
    await revive();
  };
  try {
    await test({ server, restart, kill, revive });
  } finally {
    await running?.stop();
  }
}
