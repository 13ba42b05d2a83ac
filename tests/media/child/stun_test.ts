/** The bit of STUN that is read and written: against the RFC's own vectors, and against nonsense. */
import assert from "node:assert/strict";
import { isSigned, readIceCheck, signed } from "../../../src/media/child/stun.ts";
import { iceCheck } from "./ice_checks.ts";

/** RFC 5769, section 2.1: a request with all attributes, its password and its user name. */
const VECTOR = Uint8Array.fromHex(
  "000100582112a442b7e7a701bc34d686fa87dfae" +
    "80220010" + "5354554e207465737420636c69656e74" +
    "00240004" + "6e0001ff" +
    "80290008" + "932ff9b151263b36" +
    "00060009" + "6576746a3a68367659202020" +
    "00080014" + "9aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2" +
    "80280004" + "e57a3bcf",
);
const PASSWORD = "VOkJxbRl1RmTxUk/WvJxBt";

Deno.test("readIceCheck reads the request of RFC 5769", () => {
  const check = readIceCheck(VECTOR);

  assert.equal(check?.username, "evtj:h6vY");
  assert.equal(
    VECTOR.subarray(check!.tieBreakerAt, check!.tieBreakerAt + 8).toHex(),
    "932ff9b151263b36",
  );
  assert.equal(isSigned(VECTOR, check!.integrityAt, PASSWORD), true);
  assert.equal(isSigned(VECTOR, check!.integrityAt, "another password of it"), false);
});

Deno.test("signed writes the request of RFC 5769 as it is there", () => {
  const { integrityAt } = readIceCheck(VECTOR)!;

  assert.deepEqual(signed(VECTOR.slice(), integrityAt, PASSWORD), VECTOR);
});

Deno.test("signed signs what has changed, and drops what stood behind the signature", () => {
  const changed = VECTOR.slice();
  const check = readIceCheck(changed)!;
  changed[check.tieBreakerAt] = 0;
  assert.equal(isSigned(changed, check.integrityAt, PASSWORD), false);

  const again = signed(changed, check.integrityAt, "p".repeat(24));

  assert.equal(isSigned(again, check.integrityAt, "p".repeat(24)), true);
  assert.deepEqual(readIceCheck(again), check);
  assert.notDeepEqual(again.subarray(-4), VECTOR.subarray(-4));
});

Deno.test("readIceCheck takes nothing else for a check", () => {
  const good = iceCheck({ username: "ours:theirs", password: "p".repeat(24) });
  const edited = (edit: (view: DataView) => void) => {
    const copy = good.slice();
    edit(new DataView(copy.buffer));
    return copy;
  };
  assert.ok(readIceCheck(good));

  for (
    const [what, bytes] of Object.entries({
      nothing: new Uint8Array(),
      short: good.subarray(0, 19),
      cut: good.subarray(0, -4),
      longer: new Uint8Array([...good, 0, 0, 0, 0]),
      "a response": edited((view) => view.setUint16(0, 0x0101)),
      "another cookie": edited((view) => view.setUint32(4, 0)),
      "an attribute that goes beyond": edited((view) => view.setUint16(22, 60_000)),
      "media": new Uint8Array(100).fill(0x80),
    })
  ) assert.equal(readIceCheck(bytes), undefined, what);
});

Deno.test("readIceCheck survives whatever comes", () => {
  const good = iceCheck({ username: "ours:theirs", password: "p".repeat(24) });

  for (let n = 0; n < 20_000; n++) {
    const bytes = good.slice(0, n % 3 === 0 ? n % (good.length + 1) : good.length);
    for (let m = 0; m <= n % 4 && bytes.length > 0; m++) {
      const [at = 0, value = 0] = crypto.getRandomValues(new Uint8Array(2));
      bytes[at % bytes.length] = value;
    }
    const check = readIceCheck(bytes);
    if (check === undefined) continue;
    assert.ok(check.tieBreakerAt + 8 <= bytes.length && check.integrityAt + 24 <= bytes.length);
  }
});
