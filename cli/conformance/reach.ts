/**
 * Whether there is a server, asked before the checks begin: a run against nothing is no run of failures.
 */
import type { Clock } from "../../src/base/mod.ts";
import { ConnectError } from "../client.ts";
import type { Place } from "./place.ts";
import { RawSocket } from "./raw_socket.ts";
import { portOf, rawOptions } from "./scene.ts";
import { Finding } from "./verdict.ts";
import { within } from "./within.ts";

/** The status of one handshake. Rejects with {@linkcode ConnectError} where nobody answers. */
export async function handshakeStatus(
  place: Place,
  { clock, timeoutMs }: { clock: Clock; timeoutMs: number },
): Promise<number> {
  let raw: RawSocket | undefined;
  try {
    const opening = RawSocket.open(portOf(place), rawOptions(place));
    raw = await within(clock, opening, { ms: timeoutMs, awaited: "a connection" });
    const answering = raw.readAnswer();
    return (await within(clock, answering, { ms: timeoutMs, awaited: "an answer" })).status;
  } catch (error) {
    throw new ConnectError(reasonOf(error), { cause: error });
  } finally {
    raw?.drop();
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.ConnectionRefused) return "the connection was refused";
  if (error instanceof Finding) return "it did not answer in time";
  return error instanceof Error ? error.message : `${error}`;
}
