/** WHIP in and WHEP out with real media: a real browser, the media process, and other people's clients. */
import assert from "node:assert/strict";
import { BrowserTabs } from "../support/browser_tabs.ts";
import { MEDIA_FLAGS } from "../support/chromium.ts";
import { probe } from "../support/ffmpeg.ts";
import { GStreamerSession } from "../support/gstreamer_session.ts";
import { HarnessPage } from "../support/harness_page.ts";
import { MediaServer } from "../support/media_server.ts";
import { dissectPackets } from "../support/tshark.ts";
import { waitUntil } from "../support/wait_until.ts";

const tabs = BrowserTabs.share({ hasServer: false, flags: MEDIA_FLAGS });

/** An origin that is no server's: the test itself answers for it. */
const ELSEWHERE = "http://localhost:9";
/** Publishes silence from a page, and tells what the page may read of the answer. */
const PUBLISH = `async (url) => {
  const connection = new RTCPeerConnection();
  connection.addTransceiver("audio", { direction: "sendonly" });
  await connection.setLocalDescription();
  const body = connection.localDescription.sdp;
  const headers = { "content-type": "application/sdp", "if-match": "*" };
  const response = await fetch(url, { method: "POST", headers, body });
  connection.close();
  return [response.status + "", response.headers.get("location"), response.headers.get("etag")];
}`;

type Report = Record<"height" | "framesDecoded" | "framesEncoded" | "soundEnergy", number> & {
  state: string;
};

/** A tab of `server` with the harness. */
function open(server: MediaServer, options: { expected?: RegExp } = {}): Promise<HarnessPage> {
  return HarnessPage.open(tabs, { harness: "sessions_harness", server, ...options });
}

/** Waits until a session in a tab shows moving pictures, 10 of them, and lets a sound be heard. */
async function seesAndHears(tab: HarnessPage, name: string): Promise<Report> {
  const first = await tab.run<Report>(`report("${name}")`);
  let report = first;
  await waitUntil(async () => {
    report = await tab.run<Report>(`report("${name}")`);
    const { framesDecoded, soundEnergy } = report;
    const isMoving = framesDecoded >= first.framesDecoded + 10 && soundEnergy > first.soundEnergy;
    return isMoving ? undefined : JSON.stringify(report);
  });
  return report;
}

Deno.test("WHIP puts a browser's camera into a room, and WHEP shows it in another browser", async () => {
  const server = await MediaServer.start();
  const [camera, wall] = await Promise.all([open(server), open(server)]);

  assert.equal(await camera.run(`publish("cam", "/whip/test?userId=cam")`), 201);
  assert.equal(await wall.run(`watch("all", "/whep/test?userId=wall")`), 201);
  assert.equal(await wall.run(`watch("one", "/whep/test/cam?userId=one")`), 201);

  const all = await seesAndHears(wall, "all");
  const one = await seesAndHears(wall, "one");
  assert.deepEqual([all.height, one.height, all.state], [480, 480, "connected"]);
  assert.deepEqual(await server.roster("test"), ["cam participant", "wall viewer", "one viewer"]);
  await server.close();
});

Deno.test("DELETE ends what a browser publishes or watches, at once", async () => {
  const server = await MediaServer.start();
  const tab = await open(server);
  await tab.run(`publish("cam", "/whip/test?userId=cam")`);
  await tab.run(`watch("wall", "/whep/test?userId=wall")`);
  await seesAndHears(tab, "wall");

  assert.equal(await tab.run(`end("wall")`), 200);
  assert.deepEqual(await server.roster("test"), ["cam participant"]);
  assert.equal(await tab.run(`end("cam")`), 200);
  assert.deepEqual(await server.roster("test"), []);
  await server.close();
});

Deno.test("a browser that goes without a word has left the room by itself", async () => {
  const server = await MediaServer.start();
  const [camera, wall] = await Promise.all([open(server), open(server)]);
  await camera.run(`publish("cam", "/whip/test?userId=cam")`);
  await wall.run(`watch("wall", "/whep/test?userId=wall")`);
  await seesAndHears(wall, "wall");

  await camera.page.goto("about:blank");

  await server.untilIn("test", "wall viewer");
  await server.close();
});

Deno.test("a browser may trickle its candidates, under the name of its ICE session", async () => {
  const server = await MediaServer.start();
  const tab = await open(server, { expected: /412/ });
  await tab.run(`publish("cam", "/whip/test?userId=cam")`);

  assert.equal(await tab.run(`trickle("cam", "*")`), 204);
  assert.equal(await tab.run(`trickle("cam", '"another"')`), 412);

  assert.deepEqual(await server.roster("test"), ["cam participant"]);
  await server.close();
});

Deno.test("a page of another origin publishes where it is listed, and nowhere else", async () => {
  const listing = await MediaServer.start({ flags: ["--origin", ELSEWHERE] });
  const closed = await MediaServer.start();
  const page = await tabs.open("/", {
    server: { address: ELSEWHERE },
    expected: /CORS|ERR_FAILED/,
    async prepare(page) {
      const body = "<!doctype html><title>Elsewhere</title>";
      await page.route(
        `${ELSEWHERE}/**`,
        (route) => route.fulfill({ contentType: "text/html", body }),
      );
    },
  });
  const publish = (url: string) => page.evaluate(`(${PUBLISH})("${url}")`) as Promise<string[]>;

  const [status, location = "", etag = ""] = await publish(`${listing.address}/whip/test`);

  assert.equal(status, "201");
  assert.match(location, /^\/whip\/test\//);
  assert.match(etag, /^".+"$/);
  assert.equal((await listing.roster("test")).length, 1);
  await assert.rejects(publish(`${closed.address}/whip/test`), /fetch/);
  assert.deepEqual(await closed.roster("test"), []);
  for (const server of [listing, closed]) await server.close();
});

Deno.test("GStreamer publishes by WHIP what a browser shows, and shows by WHEP what a browser publishes", async () => {
  const server = await MediaServer.start();
  const tab = await open(server);

  const pattern = await GStreamerSession.start("publish", `${server.address}/whip/in?userId=gst`);
  await pattern.until(({ state }) => state === "connected");
  assert.equal(await tab.run(`watch("wall", "/whep/in/gst")`), 201);
  assert.equal((await seesAndHears(tab, "wall")).height, 480);
  assert.equal(await tab.run(`publish("cam", "/whip/out?userId=cam")`), 201);
  const wall = await GStreamerSession.start("watch", `${server.address}/whep/out?userId=gst`);
  const { height } = await wall.until(({ pictures, sounds }) => pictures >= 20 && sounds >= 20);

  assert.equal(height, 480);
  assert.deepEqual(await server.roster("out"), ["cam participant", "gst viewer"]);
  assert.deepEqual([await pattern.end(), await wall.end()], [true, true]);
  assert.deepEqual(await server.roster("out"), ["cam participant"]);
  await server.close();
});

Deno.test("the administrator sees and captures what a session sends, and Wireshark reads it", async () => {
  const server = await MediaServer.start();
  const tab = await open(server);
  await tab.run(`publish("cam", "/whip/test?userId=cam")`);
  await tab.run(`watch("wall", "/whep/test?userId=wall")`);
  await seesAndHears(tab, "wall");

  const stats = await (await server.ask("/api/rooms/test/media")).json();
  const metrics = await (await fetch(`${server.address}/metrics`)).text();
  const capture = "/api/rooms/test/participants/cam/capture.pcap?seconds=2";
  const packets = await dissect(await (await server.ask(capture)).bytes());

  assert.deepEqual(stats.publications.map(({ source }: { source: string }) => source).sort(), [
    ...["camera", "microphone"],
  ]);
  assert.ok(stats.subscriptions.every(({ packets }: { packets: number }) => packets > 0));
  assert.match(metrics, /^signalbox_media_sessions\{kind="whep"\} 1$/m);
  assert.ok(
    Number(/^signalbox_media_packets_total\{direction="out"\} (\d+)$/m.exec(metrics)?.[1]) > 50,
  );
  const count = (protocol: string, source: string) =>
    packets.filter((line) => line === `${protocol},${source}`).length;
  assert.ok(count("rtp", "198.51.100.1") > 50, `${packets.slice(0, 9)}`);
  assert.ok(count("rtcp", "192.0.2.1") > 0, "the server's feedback is missing");
  await server.close();
});

Deno.test("the administrator records what a session sends, into files that ffprobe reads", async () => {
  const recordingsFolder = await Deno.makeTempDir();
  const server = await MediaServer.start({ recordingsFolder });
  const tab = await open(server);
  await tab.run(`publish("cam", "/whip/test?userId=cam")`);
  const record = (method: string) => server.ask("/api/rooms/test/recordings", { method });

  const started = await record("POST");
  const again = await record("POST");
  const before = await tab.run<Report>(`report("cam")`);
  await waitUntil(async () => {
    const { framesEncoded } = await tab.run<Report>(`report("cam")`);
    return framesEncoded > before.framesEncoded + 60 ? undefined : `${framesEncoded} frames`;
  });
  const stopped = await (await record("DELETE")).json();
  const { recordings } = await (await record("GET")).json();

  assert.deepEqual([started.status, again.status], [201, 409]);
  await Promise.all([started, again].map((response) => response.body?.cancel()));
  assert.equal(stopped.state, "ended");
  assert.deepEqual(recordings, [stopped]);
  const files: string[] = stopped.files;
  const media = files.filter((name) => name.endsWith(".webm"));
  const probed = await Promise.all(
    media.map((name) => probe(`${recordingsFolder}/${name}`)),
  );
  const codecs = probed.flatMap(({ streams }) => streams.map(({ codec }) => codec)).sort();
  assert.deepEqual(codecs, ["opus", "vp8"]);
  await server.close();
  await Deno.remove(recordingsFolder, { recursive: true });
});

/** `rtp,198.51.100.1`: the protocol and the source of each packet, as tshark reads them. */
async function dissect(pcap: Uint8Array): Promise<string[]> {
  const file = await Deno.makeTempFile({ suffix: ".pcap" });
  try {
    await Deno.writeFile(file, pcap);
    const lines = await dissectPackets(file, ["frame.protocols", "ip.src"]);
    return lines.map((line) => line.split(":").at(-1)!);
  } finally {
    await Deno.remove(file);
  }
}
