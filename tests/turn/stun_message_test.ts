/** Messages of STUN and TURN, against the vectors of RFC 5769 and against anything at all. */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  ATTRIBUTE,
  errorCode,
  isSignedWith,
  longTermKey,
  type MessageKind,
  METHOD,
  readMessage,
  uint32,
  writeMessage,
} from "../../src/turn/stun_message.ts";

/** RFC 5769, section 2.1: a request with short-term credentials. */
const REQUEST = bytes(
  "000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74" +
    "002400046e0001ff80290008932ff9b151263b36000600096576746a3a68367659202020" +
    "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e57a3bcf",
);
/** RFC 5769, section 2.4: one with long-term credentials. */
const LONG_TERM = bytes(
  "000100602112a44278ad3433c6ad72c029da412e00060012e3839ee38388e383aae38383e382afe382b9" +
    "00000015001c662f2f3439396b39353464364f4c33346f4c394653547679363473410014000b" +
    "6578616d706c652e6f72670000080014f67024656dd64a3e02b8e0712e85c9a28ca89666",
);

function bytes(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

const text = (value: Uint8Array | undefined) => new TextDecoder().decode(value);

Deno.test("readMessage reads the request of RFC 5769, and its signature holds", () => {
  const message = readMessage(REQUEST);

  assert.ok(message !== undefined);
  assert.deepEqual([message.kind, message.method], ["request", METHOD.binding]);
  assert.equal(text(message.attributes.get(ATTRIBUTE.username)), "evtj:h6vY");
  const key = new TextEncoder().encode("VOkJxbRl1RmTxUk/WvJxBt");
  assert.equal(isSignedWith(message, key), true);
  assert.equal(isSignedWith(message, key.slice(1)), false);
});

Deno.test("longTermKey is the one of RFC 5769", () => {
  const message = readMessage(LONG_TERM);

  assert.ok(message !== undefined);
  const username = text(message.attributes.get(ATTRIBUTE.username));
  const realm = text(message.attributes.get(ATTRIBUTE.realm));
  // "TheMatrIX" is what SASLprep makes of the password there.
  assert.equal(isSignedWith(message, longTermKey(username, realm, "TheMatrIX")), true);
  assert.equal(isSignedWith(message, longTermKey(username, realm, "TheMatrix")), false);
});

Deno.test("writeMessage writes what readMessage reads, signed and with a fingerprint", () => {
  const kinds = fc.constantFrom<MessageKind>("request", "indication", "success", "error");
  const attribute = fc.tuple(
    fc.integer({ min: 0x9000, max: 0xffff }), // None with a meaning here.
    fc.uint8Array({ maxLength: 40 }),
  );
  fc.assert(fc.property(
    kinds,
    fc.integer({ min: 0, max: 0xfff }),
    fc.uint8Array({ minLength: 12, maxLength: 12 }),
    fc.uniqueArray(attribute, { selector: ([type]) => type, maxLength: 6 }),
    fc.option(fc.uint8Array({ minLength: 1, maxLength: 20 }), { nil: undefined }),
    (kind, method, transactionId, attributes, key) => {
      const written = writeMessage({ kind, method, transactionId, attributes, key });
      const message = readMessage(written);

      assert.ok(message !== undefined);
      assert.deepEqual([message.kind, message.method], [kind, method]);
      assert.deepEqual([...message.transactionId], [...transactionId]);
      for (const [type, value] of attributes) {
        assert.deepEqual([...message.attributes.get(type) ?? []], [...value]);
      }
      assert.equal(key === undefined ? message.integrityAt : undefined, undefined);
      if (key !== undefined) assert.equal(isSignedWith(message, key), true);
    },
  ));
});

Deno.test("a signature holds for nothing that was changed", () => {
  const key = Uint8Array.of(1, 2, 3);
  const attributes = [[ATTRIBUTE.lifetime, uint32(600)]] as const;
  const parts = { kind: "request", method: METHOD.refresh, attributes, key } as const;
  const written = writeMessage({ ...parts, transactionId: new Uint8Array(12) });
  const signedLength = readMessage(written)!.integrityAt! + 24;

  for (let at = 0; at < signedLength; at++) {
    const changed = written.slice();
    changed[at]! ^= 1;
    const message = readMessage(changed);
    // The length of the header is what the signature counts, not what stands there.
    if (message !== undefined) assert.equal(isSignedWith(message, key), false, `byte ${at}`);
  }
});

Deno.test("readMessage reads no attribute behind the signature", () => {
  const key = Uint8Array.of(1);
  const parts = { kind: "request", method: METHOD.refresh, attributes: [], key } as const;
  const signed = writeMessage({ ...parts, transactionId: new Uint8Array(12) });
  const extended = new Uint8Array(signed.length + 8);
  extended.set(signed);
  extended.set([0, ATTRIBUTE.lifetime, 0, 4, 0, 0, 0, 9], signed.length);
  extended[3] = extended.length - 20;

  assert.equal(readMessage(extended)?.attributes.has(ATTRIBUTE.lifetime), false);
});

Deno.test("readMessage refuses what is no message, and throws for nothing", () => {
  const good = writeMessage({
    ...{ kind: "request", method: METHOD.allocate, transactionId: new Uint8Array(12) },
    attributes: [[ATTRIBUTE.lifetime, uint32(600)]],
  });
  const bad = {
    "empty": new Uint8Array(0),
    "cut": good.subarray(0, good.length - 4),
    "longer than it says": Uint8Array.of(...good, 0, 0, 0, 0),
    "of another protocol": good.map((byte, at) => at === 4 ? 0 : byte),
    "with the first bits set": good.map((byte, at) => at === 0 ? byte | 0x80 : byte),
    "with an attribute beyond its end": good.map((byte, at) => at === 23 ? 200 : byte),
  };

  for (const [what, message] of Object.entries(bad)) {
    assert.equal(readMessage(message), undefined, what);
  }
  fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
    readMessage(bytes);
  }));
});

Deno.test("errorCode is what RFC 8489 says", () => {
  assert.deepEqual([...errorCode(438, "Stale")], [
    0,
    0,
    4,
    38,
    ...new TextEncoder().encode("Stale"),
  ]);
});
