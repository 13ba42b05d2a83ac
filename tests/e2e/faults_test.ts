/** The page in a real browser behind the fault proxy: it bears what networks do. */
import { FaultProxy } from "../../cli/faults/fault_proxy.ts";
import type { FaultRule } from "../../cli/faults/fault_plan.ts";
import { systemClock } from "../../src/base/mod.ts";
import { BrowserTabs } from "../support/browser_tabs.ts";
import { ServerProcess } from "../support/server_process.ts";
import { waitForMessage, waitForRoster } from "../support/test_page.ts";

const tabs = BrowserTabs.share();

Deno.test("[CO4, CO6] the page works over a connection that is slow and comes in pieces", async () => {
  await behind([
    { kind: "latency", ms: 30 },
    { kind: "byte-wise", bytes: 64 },
    { kind: "fragment", pieces: 3 },
  ], async (server) => {
    const ann = await tabs.open("/test?room=slow&user=ann&join=1", { server });
    const bob = await tabs.open("/test?room=slow&user=bob&join=1", { server });

    await waitForRoster(ann, "ann", "bob");
    await waitForRoster(bob, "ann", "bob");
  });
});

Deno.test("[RE4] the page takes its seat again after a frame was cut in its middle", async () => {
  await behind([{ kind: "cut", type: "user-joined", every: 1, user: "ann" }], async (server) => {
    const ann = await tabs.open("/test?room=cut&user=ann&join=1", { server });
    await waitForRoster(ann, "ann");

    const bob = await tabs.open("/test?room=cut&user=bob&join=1", { server });
    await waitForMessage(ann, "resumed");

    await waitForRoster(ann, "ann", "bob");
    await waitForRoster(bob, "ann", "bob");
  });
});

/** A server of the test's own behind a proxy with `faults`. */
async function behind(
  faults: FaultRule[],
  test: (server: { address: string }) => Promise<void>,
): Promise<void> {
  await using server = await ServerProcess.start();
  const proxy = FaultProxy.listen({
    hostname: "127.0.0.1",
    port: 0,
    target: new URL(server.address),
    plan: { faults },
    seed: 1,
    clock: systemClock,
    onDecision: () => {},
  });
  try {
    await test({ address: `http://${proxy.address}` });
    await tabs.closeAll();
  } finally {
    await proxy.close();
  }
}
