/** What the media plane counts, as Prometheus reads it. */
import assert from "node:assert/strict";
import { Registry } from "prom-client";
import { registerMediaMetrics } from "../../src/http/media_metrics.ts";
import type { MediaPlaneStats } from "../../src/media/port.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { ScriptedMediaPlane } from "../support/scripted_media_plane.ts";

function makeMetrics() {
  const clock = new FakeClock();
  const plane = new ScriptedMediaPlane();
  const registry = new Registry();
  let asked = 0;
  let answer: Promise<MediaPlaneStats> = plane.stats();
  plane.stats = () => {
    asked++;
    return answer;
  };
  const sessions = (kind: "whip" | "whep") => kind === "whip" ? 2 : 3;
  registerMediaMetrics(registry, { plane, clock, sessions });
  const lines = async () =>
    (await registry.metrics()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const countTo = (stats: Promise<MediaPlaneStats>) => void (answer = stats);
  return { clock, lines, countTo, asked: () => asked };
}

const counted: MediaPlaneStats = {
  ...{ processes: 2, rooms: 3, connections: 8, publications: 6, subscriptions: 14, restarts: 1 },
  received: { packets: 100, bytes: 90_000, lost: 4, nacks: 5, plis: 6, retransmitted: 3 },
  sent: { packets: 300, bytes: 270_000, lost: 7, nacks: 8, plis: 9, retransmitted: 10 },
};

const EXPECTED = [
  "signalbox_media_processes 2",
  "signalbox_media_rooms 3",
  "signalbox_media_connections 8",
  "signalbox_media_publications 6",
  "signalbox_media_subscriptions 14",
  'signalbox_media_packets_total{direction="in"} 100',
  'signalbox_media_packets_total{direction="out"} 300',
  'signalbox_media_bytes_total{direction="in"} 90000',
  'signalbox_media_bytes_total{direction="out"} 270000',
  'signalbox_media_lost_total{direction="in"} 4',
  'signalbox_media_lost_total{direction="out"} 7',
  'signalbox_media_nacks_total{direction="in"} 5',
  'signalbox_media_nacks_total{direction="out"} 8',
  'signalbox_media_plis_total{direction="in"} 6',
  'signalbox_media_plis_total{direction="out"} 9',
  'signalbox_media_retransmitted_total{direction="in"} 3',
  'signalbox_media_retransmitted_total{direction="out"} 10',
  "signalbox_media_restarts_total 1",
  'signalbox_media_sessions{kind="whip"} 2',
  'signalbox_media_sessions{kind="whep"} 3',
];

Deno.test("registerMediaMetrics tells all that the plane counts, and asks it once a scrape", async () => {
  const { clock, lines, countTo, asked } = makeMetrics();
  countTo(Promise.resolve(counted));

  assert.deepEqual(await lines(), EXPECTED);
  assert.deepEqual(await lines(), EXPECTED);

  assert.deepEqual([asked(), clock.pending], [2, 0]);
});

Deno.test("registerMediaMetrics shows the numbers of before while the plane says nothing", async () => {
  const { clock, lines, countTo } = makeMetrics();
  countTo(Promise.resolve(counted));
  await lines();
  countTo(new Promise(() => {}));
  const late = lines();

  clock.advance(2_000);

  assert.deepEqual(await late, EXPECTED);
  countTo(Promise.resolve({ ...counted, rooms: 4 }));
  assert.ok((await lines()).includes("signalbox_media_rooms 4"));
});
