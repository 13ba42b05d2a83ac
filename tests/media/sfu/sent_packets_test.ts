/** What was sent is found again, as long as its source still has it. */
import assert from "node:assert/strict";
import { SentPackets } from "../../../src/media/sfu/sent_packets.ts";
import { PacketHistory, SourcePacket } from "../../../src/media/sfu/source_packet.ts";

function keep(sent: SentPackets, sequenceNumber: number, packet: SourcePacket): void {
  const place = sent.place(sequenceNumber, packet);
  sent.timestamps[place] = 4_000_000_000;
  sent.pictureIds[place] = -1;
  sent.tl0PicIdxs[place] = 7;
  sent.marks[place] = 1;
  sent.rtxPayloadTypes[place] = 97;
}

function packet(sequenceNumber: number): SourcePacket {
  const made = new SourcePacket();
  made.sequenceNumber = sequenceNumber;
  return made;
}

Deno.test("SentPackets finds a packet with what it was sent with", () => {
  const sent = new SentPackets();
  const source = packet(9);

  keep(sent, 65_535, source);

  assert.deepEqual(sent.find(65_535, 0), {
    sequenceNumber: 65_535,
    timestamp: 4_000_000_000,
    pictureId: -1,
    tl0PicIdx: 7,
    isMarked: true,
    rtxPayloadType: 97,
    packet: source,
  });
});

Deno.test("SentPackets finds nothing that was not sent, or was written over", () => {
  const sent = new SentPackets();
  keep(sent, 5, packet(1));
  keep(sent, 5 + 512, packet(2));

  assert.equal(sent.find(5, 0), undefined);
  assert.equal(sent.find(6, 0), undefined);
  assert.notEqual(sent.find(517, 0), undefined);
});

Deno.test("SentPackets finds nothing whose place in the source's history is another packet's", () => {
  const sent = new SentPackets();
  const history = new PacketHistory();
  const source = history.place(1);
  source.sequenceNumber = 1;
  keep(sent, 5, source);

  history.place(1 + 512).sequenceNumber = 513;

  assert.equal(sent.find(5, 0), undefined);
});

Deno.test("SentPackets gives the same packet again only after a while", () => {
  const sent = new SentPackets();
  keep(sent, 5, packet(1));

  assert.notEqual(sent.find(5, 100), undefined);
  assert.equal(sent.find(5, 124), undefined);
  assert.notEqual(sent.find(5, 125), undefined);
});
