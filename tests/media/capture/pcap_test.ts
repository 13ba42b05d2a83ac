/** Captures: byte by byte, and as Wireshark itself reads them. */
import assert from "node:assert/strict";
import { pcapFileHeader, pcapRecord } from "../../../src/media/capture/pcap.ts";
import { buildRtpPacket } from "../../../src/media/rtp/packet.ts";
import { writePictureLoss } from "../../../src/media/rtp/rtcp.ts";
import { dissectPackets } from "../../support/tshark.ts";
import { hex } from "../rtp/hex.ts";

const AT_MS = Date.UTC(2026, 0, 1) + 1.25;
/** What of each packet is compared. */
const FIELDS = [
  ...["frame.time_epoch", "ip.src", "ip.checksum.status", "udp.dstport", "frame.protocols"],
  ...["rtp.ssrc", "rtp.seq", "rtp.timestamp", "rtp.p_type", "rtcp.pt"],
];
const rtp = buildRtpPacket({
  payloadType: 96,
  sequenceNumber: 4711,
  timestamp: 90_000,
  ssrc: 0x1234abcd,
  payload: new Uint8Array([1, 2, 3]),
});

Deno.test("pcapFileHeader says version 2.4, microseconds, raw IP", () => {
  assert.deepEqual(
    pcapFileHeader(),
    hex("d4c3b2a1 0200 0400 00000000 00000000 ffff0000 65000000"),
  );
});

Deno.test("pcapRecord puts IPv4 and UDP headers before a packet that came in", () => {
  const record = pcapRecord({ atMs: AT_MS, channel: "publisher", direction: "in", bytes: rtp });

  assert.deepEqual(record.subarray(0, 16), hex("00b95569 e2040000 2b000000 2b000000"));
  assert.deepEqual(
    record.subarray(16, 44),
    hex("4500002b 00000000 4011 8e8c c6336401 c0000201 138c 138c 0017 0000"),
  );
  assert.deepEqual(record.subarray(44), rtp);
});

Deno.test("pcapRecord cuts what no IPv4 packet can hold, and says how long it was", () => {
  const bytes = new Uint8Array(70_000);
  const record = pcapRecord({ atMs: 0, channel: "subscriber", direction: "out", bytes });
  const view = new DataView(record.buffer);

  assert.equal(record.length, 16 + 65_535);
  assert.equal(view.getUint32(8, true), 65_535);
  assert.equal(view.getUint32(12, true), 70_028);
  assert.equal(view.getUint16(18), 65_535);
});

Deno.test("pcapRecord makes a capture in which Wireshark finds RTP and RTCP, and no fault", async () => {
  const file = await Deno.makeTempFile({ suffix: ".pcap" });
  const feedback = writePictureLoss(1, 0x1234abcd);
  const parts = [
    pcapFileHeader(),
    pcapRecord({ atMs: AT_MS, channel: "publisher", direction: "in", bytes: rtp }),
    pcapRecord({ atMs: AT_MS + 5, channel: "publisher", direction: "out", bytes: feedback }),
    pcapRecord({ atMs: AT_MS + 6, channel: "subscriber", direction: "out", bytes: rtp }),
  ];
  try {
    await Deno.writeFile(file, await new Blob(parts as Uint8Array<ArrayBuffer>[]).bytes());

    const lines = await dissectPackets(file, FIELDS);

    assert.deepEqual(lines, [
      "1767225600.001250000,198.51.100.1,1,5004,raw:ip:udp:rtp,0x1234abcd,4711,90000,96,",
      "1767225600.006250000,192.0.2.1,1,5005,raw:ip:udp:rtcp,,,,,206",
      "1767225600.007250000,192.0.2.1,1,5006,raw:ip:udp:rtp,0x1234abcd,4711,90000,96,",
    ]);
  } finally {
    await Deno.remove(file);
  }
});
