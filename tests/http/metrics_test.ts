/** What is counted, as Prometheus reads it. */
import assert from "node:assert/strict";
import { Metrics, type MetricsSource } from "../../src/http/mod.ts";
import { FakeClock } from "../support/fake_clock.ts";

function makeMetrics() {
  const clock = new FakeClock();
  const metrics = new Metrics(clock);
  const lines = async (name: string) =>
    (await metrics.expose()).body.split("\n").filter((line) => line.startsWith(name));
  return { clock, metrics, lines };
}

/** A server where everything is 0 but what is given. */
function sourceOf(sizes: Partial<MetricsSource> = {}): MetricsSource {
  const none = () => 0;
  return {
    connections: none,
    rooms: none,
    participants: none,
    reservedCodes: none,
    sockets: none,
    sessions: none,
    keptSeats: none,
    timers: none,
    relayViewers: none,
    pictureWatchers: none,
    ...sizes,
  };
}

Deno.test("Metrics counts messages by type and direction", async () => {
  const { metrics, lines } = makeMetrics();

  metrics.messageReceived("chat");
  metrics.messageSent("chat", 5);
  metrics.messageSent("chat", 2);

  assert.deepEqual(await lines("signalbox_messages_total"), [
    'signalbox_messages_total{type="chat",direction="in"} 1',
    'signalbox_messages_total{type="chat",direction="out"} 7',
  ]);
  metrics.close();
});

Deno.test("Metrics counts connections and errors by code", async () => {
  const { metrics, lines } = makeMetrics();

  metrics.connectionOpened();
  metrics.connectionOpened();
  metrics.connectionClosed();
  metrics.errorRaised("room-full");

  assert.deepEqual(await lines("signalbox_connections_opened"), [
    "signalbox_connections_opened_total 2",
  ]);
  assert.deepEqual(await lines("signalbox_connections_closed"), [
    "signalbox_connections_closed_total 1",
  ]);
  assert.deepEqual(await lines("signalbox_errors"), ['signalbox_errors_total{code="room-full"} 1']);
  metrics.close();
});

Deno.test("Metrics counts webhooks by what became of them", async () => {
  const { metrics, lines } = makeMetrics();

  metrics.webhookSettled("delivered");
  metrics.webhookSettled("delivered");
  metrics.webhookSettled("expired");

  assert.deepEqual(await lines("signalbox_webhooks"), [
    'signalbox_webhooks_total{outcome="delivered"} 2',
    'signalbox_webhooks_total{outcome="expired"} 1',
  ]);
  metrics.close();
});

Deno.test("Metrics counts the frames over the socket and what was dropped of them", async () => {
  const { metrics, lines } = makeMetrics();

  metrics.frameReceived(100);
  metrics.frameSent(100);
  metrics.frameSent(100);
  metrics.framesDropped("reader", 3);

  assert.deepEqual(await lines("signalbox_relay_"), [
    'signalbox_relay_frames_total{direction="in"} 1',
    'signalbox_relay_frames_total{direction="out"} 2',
    'signalbox_relay_bytes_total{direction="in"} 100',
    'signalbox_relay_bytes_total{direction="out"} 200',
    'signalbox_relay_dropped_total{why="rate"} 0',
    'signalbox_relay_dropped_total{why="reader"} 3',
  ]);
  metrics.close();
});

Deno.test("Metrics puts the fan-out into its histogram, in seconds", async () => {
  const { metrics, lines } = makeMetrics();

  metrics.fannedOut(0.2);
  metrics.fannedOut(20);

  assert.ok((await lines("signalbox_fan_out_seconds_bucket")).includes(
    'signalbox_fan_out_seconds_bucket{le="0.00025"} 1',
  ));
  assert.deepEqual(await lines("signalbox_fan_out_seconds_sum"), [
    "signalbox_fan_out_seconds_sum 0.0202",
  ]);
  metrics.close();
});

Deno.test("Metrics.observe reads the sizes when somebody asks", async () => {
  const { metrics, lines } = makeMetrics();
  let rooms = 1;
  metrics.observe(sourceOf({
    connections: () => 3,
    rooms: () => rooms,
    sockets: () => 4,
    sessions: () => 5,
    keptSeats: () => 2,
    reservedCodes: () => 1,
    timers: () => 7,
  }));
  rooms = 9;

  assert.deepEqual(await lines("signalbox_rooms"), ["signalbox_rooms 9"]);
  assert.deepEqual(await lines("signalbox_connections "), ["signalbox_connections 3"]);
  assert.deepEqual(await lines("signalbox_sockets"), ["signalbox_sockets 4"]);
  assert.deepEqual(await lines("signalbox_sessions"), ["signalbox_sessions 5"]);
  assert.deepEqual(await lines("signalbox_kept_seats"), ["signalbox_kept_seats 2"]);
  assert.deepEqual(await lines("signalbox_reserved_codes"), ["signalbox_reserved_codes 1"]);
  assert.deepEqual(await lines("signalbox_timers"), ["signalbox_timers 7"]);
  const [memory] = await lines("signalbox_memory_resident_bytes");
  assert.ok(Number(memory?.split(" ")[1]) > 1_000_000, `${memory}`);
  metrics.close();
});

Deno.test("Metrics measures the drift of the event loop, the largest since the last look", async () => {
  const { clock, metrics, lines } = makeMetrics();
  metrics.observe(sourceOf());

  clock.advance(499);
  clock.stall(151);
  clock.advance(5_000);

  assert.deepEqual(await lines("signalbox_event_loop_drift_seconds"), [
    "signalbox_event_loop_drift_seconds 0.15",
  ]);
  assert.deepEqual(await lines("signalbox_event_loop_drift_seconds"), [
    "signalbox_event_loop_drift_seconds 0",
  ]);
  metrics.close();
  assert.equal(clock.pending, 0);
});

Deno.test("Metrics keeps the p99 of the drift over half a minute, whoever looks", async () => {
  const { clock, metrics, lines } = makeMetrics();
  metrics.observe(sourceOf());
  const p99 = async () => Number((await lines("signalbox_event_loop_drift_p99"))[0]?.split(" ")[1]);

  assert.equal(await p99(), 0);
  for (let n = 0; n < 4; n++) {
    clock.stall(150);
    clock.advance(2_050);
  }

  assert.equal(await p99(), 0.05);
  assert.equal(await p99(), 0.05);
  clock.advance(60_000);
  assert.equal(await p99(), 0);
  metrics.close();
});

Deno.test("Metrics tells the CPU time of the process", async () => {
  const { metrics, lines } = makeMetrics();
  metrics.observe(sourceOf());

  const [line] = await lines("process_cpu_seconds_total ");

  assert.ok(Number(line?.split(" ")[1]) > 0, `${line}`);
  metrics.close();
});
