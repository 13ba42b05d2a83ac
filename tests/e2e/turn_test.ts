/**
 * Calls of real browsers that may come through a TURN server alone, with the credentials that the
 * server gives: a real coturn, and the embedded one, by UDP and by TCP.
 */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { BrowserTabs } from "../support/browser_tabs.ts";
import { MEDIA_FLAGS } from "../support/chromium.ts";
import { Coturn } from "../support/coturn.ts";
import { joinMeeting, meetPath, waitForPicture } from "../support/meet_page.ts";
import { freePort, freeUdpPort } from "../support/ports.ts";
import { allowOnlyRelays, relayedEnds, type RelayTransport } from "../support/relayed_page.ts";
import { ServerProcess } from "../support/server_process.ts";
import { waitUntil } from "../support/wait_until.ts";

const SECRET = "a secret that both know";
const VIEWPORT = { width: 640, height: 400 };
const TRANSPORTS: readonly RelayTransport[] = ["udp", "tcp"];

const tabs = BrowserTabs.share({ hasServer: false, flags: MEDIA_FLAGS });

for (const transport of TRANSPORTS) {
  Deno.test(`[IC1] two people see each other through coturn over ${transport}`, async () => {
    await using coturn = await Coturn.start({ secret: SECRET });
    await using server = await startServer({
      args: ["--turn-url", `turn:127.0.0.1:${coturn.port}?transport=${transport}`],
      secret: SECRET,
    });

    await assertRelayed(await meet(server, transport), transport);
  });

  Deno.test(`[IC1] two people see each other through the embedded server over ${transport}`, async () => {
    await using server = await startEmbedded("mesh");

    await assertRelayed(await meet(server, transport), transport);
  });

  Deno.test(`[IC1] two people see each other through the embedded server over ${transport} and the SFU`, async () => {
    await using server = await startEmbedded("sfu");

    await assertRelayed(await meet(server, transport), transport);
  });
}

Deno.test("[IC1] coturn takes no credentials of another secret, and no call comes about", async () => {
  await using coturn = await Coturn.start({ secret: "another secret, of coturn alone" });
  await using server = await startServer({
    args: ["--turn-url", `turn:127.0.0.1:${coturn.port}?transport=udp`],
    secret: SECRET,
  });
  const page = await open(server, "ann", "udp");
  await page.locator("#join-meeting").waitFor();

  const error = await page.evaluate<{ code: number; candidates: number }>(`(async () => {
    const socket = new WebSocket(location.origin.replace("http", "ws") + "/ws");
    const { iceServers } = await new Promise((resolve) => {
      socket.onmessage = ({ data }) => resolve(JSON.parse(data));
    });
    socket.close();
    const connection = new RTCPeerConnection({ iceServers });
    let candidates = 0;
    connection.onicecandidate = ({ candidate }) => candidates += candidate?.candidate ? 1 : 0;
    const failed = new Promise((resolve) => connection.onicecandidateerror = resolve);
    connection.createDataChannel("any");
    await connection.setLocalDescription();
    const { errorCode } = await failed;
    connection.close();
    return { code: errorCode, candidates };
  })()`);

  assert.deepEqual(error, { code: 401, candidates: 0 });
});

function startServer(
  { args, secret }: { args: readonly string[]; secret?: string },
): Promise<ServerProcess> {
  const environment: Record<string, string> = secret === undefined ? {} : { TURN_SECRET: secret };
  const calm = ["--log-level", "error"];
  return ServerProcess.start({ args: ["--topology", "mesh", ...calm, ...args], environment });
}

async function startEmbedded(topology: "mesh" | "sfu"): Promise<ServerProcess> {
  const media = await freeUdpPort(4);
  return await ServerProcess.start({
    args: [
      ...["--topology", topology, "--media-port", `${media}`, "--log-level", "error"],
      ...["--turn", "embedded", "--turn-port", `${freePort()}`],
    ],
  });
}

async function open(
  server: ServerProcess,
  name: string,
  transport: RelayTransport,
): Promise<Page> {
  return await tabs.open(meetPath("relayed", name), {
    ...{ server, viewport: VIEWPORT },
    prepare: (page) => allowOnlyRelays(page, transport),
  });
}

/** Two people join, and see each other. */
async function meet(server: ServerProcess, transport: RelayTransport): Promise<readonly Page[]> {
  const names = ["ann", "bob"] as const;
  const pages: Page[] = [];
  for (const name of names) {
    const page = await open(server, name, transport);
    await joinMeeting(page);
    pages.push(page);
  }
  await waitForPicture(pages[0]!, "person:bob");
  await waitForPicture(pages[1]!, "person:ann");
  return pages;
}

async function assertRelayed(pages: readonly Page[], transport: RelayTransport): Promise<void> {
  for (const page of pages) {
    // What a connection has selected is told a moment after it stands.
    await waitUntil(async () => {
      const ends = await relayedEnds(page);
      return ends.length > 0 && ends.every((end) => end === transport) ? undefined : ends.join();
    });
  }
}
