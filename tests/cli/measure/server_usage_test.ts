/** What a server spends, as far as it tells. */
import assert from "node:assert/strict";
import { metricsReader, readMetrics, ServerUsage } from "../../../cli/measure/server_usage.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { TestServer } from "../../support/test_server.ts";

Deno.test("readMetrics takes the gauges of any process, and the server's own", () => {
  const text = "# HELP process_cpu_seconds_total CPU\nprocess_cpu_seconds_total 12.5\n" +
    'process_resident_memory_bytes{job="a"} 1.5e8\nsignalbox_memory_resident_bytes 7\n';

  assert.deepEqual(readMetrics(text), { cpuSeconds: 12.5, rssBytes: 150_000_000 });
  assert.deepEqual(readMetrics("signalbox_memory_resident_bytes 7\n"), { rssBytes: 7 });
  assert.deepEqual(readMetrics("<html>process_cpu_seconds_total 1</html>"), {});
});

Deno.test("ServerUsage tells CPU over time and the largest memory", async () => {
  const clock = new FakeClock();
  const readings = [
    { cpuSeconds: 10, rssBytes: 50 },
    { cpuSeconds: 10.5, rssBytes: 90 },
    { cpuSeconds: 11, rssBytes: 60 },
  ];
  const usage = new ServerUsage(() => Promise.resolve(readings.shift() ?? {}), clock);

  await usage.start();
  clock.advance(1_000);
  clock.advance(900);

  const { cpuShare, maxRssBytes } = await usage.stop();
  assert.ok(Math.abs(cpuShare! - 1 / 1.9) < 1e-9);
  assert.equal(maxRssBytes, 90);
  assert.equal(clock.pending, 0);
});

Deno.test("ServerUsage leaves out what a server does not tell", async () => {
  const usage = new ServerUsage(() => Promise.resolve({}), new FakeClock());
  await usage.start();

  assert.deepEqual(await usage.stop(), {});
});

Deno.test("metricsReader reads a running server, and nothing where none is", async () => {
  const server = TestServer.start();
  const clock = new FakeClock();

  const reading = await metricsReader(server.url("/metrics"), clock)();
  await server.close();

  assert.ok(reading.rssBytes! > 1e6 && reading.cpuSeconds! > 0, JSON.stringify(reading));
  assert.deepEqual(await metricsReader(server.url("/metrics"), clock)(), {});
  assert.equal(clock.pending, 0);
});
