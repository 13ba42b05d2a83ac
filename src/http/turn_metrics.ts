/** The embedded TURN server as metrics: its allocations and what it relays. Read when somebody asks. */
import { Counter, Gauge, type Registry } from "prom-client";

/** Where the numbers come from; some seconds old. */
export type TurnMetricsSource = () => {
  readonly allocations: number;
  readonly relayedBytes: number;
};

/** Adds the metrics to `registry`. */
export function registerTurnMetrics(registry: Registry, counts: TurnMetricsSource): void {
  const registers = [registry];
  new Gauge({
    name: "signalbox_turn_allocations",
    help: "Allocations of the embedded TURN server now",
    registers,
    collect() {
      this.set(counts().allocations);
    },
  });
  new Counter({
    name: "signalbox_turn_relayed_bytes_total",
    help: "Bytes that it has relayed, both ways",
    registers,
    collect() {
      this.reset();
      this.inc(counts().relayedBytes);
    },
  });
}
