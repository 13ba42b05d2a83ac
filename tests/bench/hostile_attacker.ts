/**
 * The thread of an attacker, so that its work does not slow the client whose join is measured. Gets
 * a port and the name of an attack, answers with the endings.
 */
/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
import { type AttackName, attacks, type Ending } from "../support/attacks.ts";

/** What it is told to do. */
export type AttackOrder = { readonly port: number; readonly name: AttackName };
/** What came of it. */
export type AttackReport = { readonly endings: readonly Ending[] };

self.onmessage = async ({ data: { port, name } }: MessageEvent<AttackOrder>) => {
  const report: AttackReport = { endings: await attacks[name](port) };
  self.postMessage(report);
};
