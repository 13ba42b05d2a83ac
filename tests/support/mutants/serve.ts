/**
 * Our own server, wrong in one way, as a process of its own:
 *
 *     deno run -A tests/support/mutants/serve.ts drop-user-left
 *
 * It prints the URL of its socket as the first line, and runs until it is ended. Without a name it
 * is correct. Flags of the server may follow.
 */
import { createApp } from "../../../src/app.ts";
import { print } from "../../../src/base/mod.ts";
import { readConfig } from "../../../src/config.ts";
import { MUTANT_GRACE_MS } from "./mutant.ts";
import { mutants } from "./mutants.ts";
import { regressionMutants } from "./regression_mutants.ts";

/** Limits that let a run of the harness through, and seats that are not kept for long. */
const FLAGS = {
  "message-rate": 1_000_000,
  "message-burst": 1_000_000,
  "max-rooms": 90_000,
  "resume-grace-ms": MUTANT_GRACE_MS,
};

if (import.meta.main) {
  const isNamed = Deno.args[0]?.startsWith("--") === false;
  const name = isNamed ? Deno.args[0] : undefined;
  const all = { ...mutants, ...regressionMutants };
  const mutant = name === undefined ? undefined : all[name];
  if (name !== undefined && mutant === undefined) {
    throw new RangeError(`No mutant is called "${name}": ${Object.keys(all).join(", ")}`);
  }
  mutant?.apply();
  const flags = Object.entries(FLAGS).flatMap(([flag, value]) => [`--${flag}`, `${value}`]);
  flags.push(...Deno.args.slice(isNamed ? 1 : 0)); // Of a flag that is given twice the last counts.
  const app = createApp({ config: readConfig(flags, {}) });
  Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    onListen: ({ port }) => print(`ws://127.0.0.1:${port}/ws`),
  }, app.handler);
}
