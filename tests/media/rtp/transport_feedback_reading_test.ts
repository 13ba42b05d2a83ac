/** When packets arrived, of hand-made bytes. */
import assert from "node:assert/strict";
import { readTransportFeedback } from "../../../src/media/rtp/transport_feedback_reading.ts";
import { hex } from "./hex.ts";

const HEAD = "8fcd0000 00000001 fedcba98";

Deno.test("readTransportFeedback reads the head", () => {
  const report = readTransportFeedback(hex(`${HEAD} fffe 0001 000002 07 2001 00`), 10);

  assert.deepEqual(report, {
    type: "transport-feedback",
    mediaSsrc: 0xfedcba98,
    baseSequenceNumber: 0xfffe,
    feedbackCount: 7,
    referenceTimeMs: 128,
    packets: [{ sequenceNumber: 0xfffe, receivedAtMs: 128 }],
  });
});

Deno.test("readTransportFeedback reads every kind of chunk", () => {
  const none = undefined;
  const table = {
    "a run of small deltas": ["0003 000001 00 2003 04 00 ff", [65, 65, 128.75]],
    "a run of large deltas": ["0002 000001 00 4002 0100 fffc", [128, 127]],
    "a run of nothing, and one arrival": ["0004 000001 00 0003 2001 08", [none, none, none, 66]],
    // The example of section 3.1.4: 0, then five arrivals, three missing, three arrivals, two missing.
    "one bit each": [
      "000e 000000 00 9f1c 04 04 04 04 04 04 04 04",
      [none, 1, 2, 3, 4, 5, none, none, none, 6, 7, 8, none, none],
    ],
    "two bits each": [
      "0007 000000 00 d240 04 0028 04",
      [1, none, 11, 12, none, none, none],
    ],
    "a vector that is filled up": ["0002 000000 00 b000 04 04", [1, 2]],
    "a run longer than the count": ["0002 000000 00 3fff 04 04", [1, 2]],
    "a time before the clock's 0": ["0001 ffffff 00 2001 04", [-63]],
    "no packets": ["0000 000000 00", []],
  } as const;

  for (const [what, [digits, expected]] of Object.entries(table)) {
    const report = readTransportFeedback(hex(`${HEAD} 0000 ${digits}`), 100);
    assert.deepEqual(report?.packets.map(({ receivedAtMs }) => receivedAtMs), expected, what);
  }
});

Deno.test("readTransportFeedback numbers packets across the wrap", () => {
  const report = readTransportFeedback(hex(`${HEAD} ffff 0002 000000 00 2002 00 00`), 10);

  assert.deepEqual(report?.packets.map(({ sequenceNumber }) => sequenceNumber), [65_535, 0]);
});

Deno.test("readTransportFeedback refuses what is cut, reserved or too much", () => {
  const table: Record<string, string> = {
    "a head that is cut": "0001 0000",
    "no chunk": "0001 000000 00",
    "chunks that end too early": "0008 000000 00 2007 00000000000000",
    "chunks of nothing": "0001 000000 00 0000 0000 0000",
    "a delta that is missing": "0002 000000 00 2002 00",
    "half a delta": "0001 000000 00 4001 00",
    "a symbol that is reserved": "0001 000000 00 6001 000000",
    "more packets than asked for": "0065 000000 00 0065",
  };

  for (const [what, digits] of Object.entries(table)) {
    assert.equal(readTransportFeedback(hex(`${HEAD} 0000 ${digits}`), 100), undefined, what);
  }
});
