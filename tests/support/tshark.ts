/**
 * Wireshark in the terminal, as the judge of our captures. Takes the one that the machine has; installs
 * Debian's where that is possible.
 */
import assert from "node:assert/strict";
import { type Program, provide } from "./debian_package.ts";

const TSHARK: Program = {
  name: "tshark",
  candidates: ["/usr/bin/tshark", "/usr/local/bin/tshark"],
  packages: ["tshark"],
};
/** Where our captures have what; see `src/media/capture/pcap.ts`. */
const RTP_PORTS = [5004, 5006];

/** A line a packet, with these fields of it, checksums checked. */
export async function dissectPackets(file: string, fields: readonly string[]): Promise<string[]> {
  const ports = RTP_PORTS.flatMap((port) => [
    ...["-d", `udp.port==${port},rtp`],
    ...["-d", `udp.port==${port + 1},rtcp`],
  ]);
  const { stdout, success, stderr } = await new Deno.Command(await provide(TSHARK), {
    args: [
      ...["-r", file, "-o", "ip.check_checksum:TRUE", ...ports, "-T", "fields"],
      ...["-E", "separator=,", ...fields.flatMap((field) => ["-e", field])],
    ],
    env: { HOME: "/nonexistent" },
    stdout: "piped",
    stderr: "piped",
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).trim().split("\n");
}
