/**
 * A reader that stops while it is sent more than the server keeps for it, and then goes on: it has to
 * get everything, or `lagged` with a snapshot (rules BP1, BP2).
 */
import { type SoakContext, SoakUser } from "./user.ts";

/** Messages in all: within the burst that a connection may send at once (rule LI2). */
const MESSAGES = 190;
/** So many are under way at a time. */
const BATCH = 10;
/** Close to the longest message: together they are more than a loopback connection holds. */
const PAYLOAD = "x".repeat(60_000);

/** One writer, and one reader that stops until everything is sent. */
export async function stopAReader(context: SoakContext, name: string): Promise<void> {
  const roomId = `${name}-room`;
  const [writer, reader] = ["writer", "reader"].map((role) =>
    new SoakUser(context, { roomId, userId: `${name}-${role}` })
  ) as [SoakUser, SoakUser]; // As many as there are names.
  for (const one of [writer, reader]) {
    await one.connect();
    await one.join({ resumable: true });
  }
  const to = reader.userId;
  await reader.withoutReading(async () => {
    const message = { type: "data", to, payload: PAYLOAD };
    for (let sent = 0; sent < MESSAGES; sent += BATCH) {
      await Promise.all(Array.from({ length: BATCH }, () => writer.request(message)));
    }
  });
  await reader.until(
    () => reader.heard.get("data")?.length === MESSAGES || reader.heard.get("snapshot"),
    "all that was sent while it did not read, or a snapshot",
  );
  for (const one of [reader, writer]) await one.leave();
  context.ledger.counts.slowReaders++;
}
