/** The resident memory of a server, as its own metrics tell it. */

/** Megabytes, as `/metrics` of the server at `address` has them now. */
export async function residentMb(address: string): Promise<number> {
  const text = await (await fetch(`${address}/metrics`)).text();
  const bytes = /^signalbox_memory_resident_bytes (\S+)$/m.exec(text)?.[1];
  if (bytes === undefined) throw new Error("Cannot find the resident memory among the metrics");
  return Number(bytes) / 1e6;
}
