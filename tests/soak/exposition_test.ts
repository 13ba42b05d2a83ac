/** The server's metrics as the soak reads them. */
import assert from "node:assert/strict";
import { Exposition } from "./exposition.ts";

const TEXT = `# HELP signalbox_rooms Rooms now
# TYPE signalbox_rooms gauge
signalbox_rooms 12
signalbox_roomy 13
signalbox_event_loop_drift_p99_seconds 0.00125
signalbox_errors_total{code="bad-message"} 7
signalbox_messages_total{type="chat",direction="in"} 3
signalbox_messages_total{type="chat",direction="out"} 9
signalbox_messages_total{type="join",direction="in"} 1
`;

Deno.test("Exposition.value finds a metric by its whole name", () => {
  const exposition = new Exposition(TEXT);

  assert.equal(exposition.value("signalbox_rooms"), 12);
  assert.equal(exposition.value("signalbox_event_loop_drift_p99_seconds"), 0.00125);
});

Deno.test("Exposition.value throws for a metric that is not there, or no number", () => {
  assert.throws(() => new Exposition(TEXT).value("signalbox_room"), /Cannot find signalbox_room /);
  assert.throws(() => new Exposition("signalbox_rooms many\n").value("signalbox_rooms"));
  assert.throws(() => new Exposition("").value("signalbox_rooms"));
});

Deno.test("Exposition.byLabel adds up what differs in other labels", () => {
  const exposition = new Exposition(TEXT);

  assert.deepEqual(exposition.byLabel("signalbox_messages_total", "direction"), { in: 4, out: 9 });
  assert.deepEqual(exposition.byLabel("signalbox_messages_total", "type"), { chat: 12, join: 1 });
  assert.deepEqual(exposition.byLabel("signalbox_errors_total", "code"), { "bad-message": 7 });
  assert.deepEqual(exposition.byLabel("signalbox_errors_total", "cod"), {});
});
