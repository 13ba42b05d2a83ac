/** ICE, fingerprint and role: what the engine would end the process on is refused. */
import assert from "node:assert/strict";
import { TransportReader } from "../../../src/media/sdp/transport_attributes.ts";
import { assertRefused } from "./fixtures.ts";

const LINE = { number: 7, type: "a", value: "" };
const SHA256 = Array(32).fill("0a").join(":");
const SHA1 = Array(20).fill("0b").join(":");

function read(...attributes: readonly (readonly [name: string, value: string])[]): TransportReader {
  const reader = new TransportReader();
  for (const [name, value] of attributes) assert.equal(reader.take(LINE, name, value), true);
  return reader;
}

Deno.test("TransportReader reads ICE, fingerprint and role", () => {
  const reader = read(
    ["ice-ufrag", "aB+/"],
    ["ice-pwd", "0123456789012345678901"],
    ["fingerprint", `SHA-256 ${SHA256}`],
    ["setup", "active"],
  );

  assert.deepEqual(reader.finish(), {
    ice: { usernameFragment: "aB+/", password: "0123456789012345678901" },
    fingerprint: { algorithm: "sha-256", value: SHA256.toUpperCase() },
    setup: "active",
  });
});

Deno.test("TransportReader takes from the session what its m-line does not say", () => {
  const session = read(
    ["ice-ufrag", "sess"],
    ["ice-pwd", "0123456789012345678901"],
    ["fingerprint", `sha-1 ${SHA1}`],
    ["setup", "actpass"],
  ).finish();

  assert.deepEqual(read().finish(session), session);
  assert.deepEqual(read(["setup", "passive"]).finish(session), { ...session, setup: "passive" });
  // Half of the credentials is none.
  assert.deepEqual(read(["ice-ufrag", "half"]).finish(session).ice, session.ice);
  assert.deepEqual(read(["ice-ufrag", "half"]).finish().ice, undefined);
});

Deno.test("TransportReader prefers SHA-256 and passes over hashes that it does not know", () => {
  const preferred = { algorithm: "sha-256", value: SHA256.toUpperCase() };
  const [best, other] = [`sha-256 ${SHA256}`, `sha-1 ${SHA1}`];

  assert.deepEqual(
    read(["fingerprint", best], ["fingerprint", other]).finish().fingerprint,
    preferred,
  );
  assert.deepEqual(
    read(["fingerprint", other], ["fingerprint", best]).finish().fingerprint,
    preferred,
  );
  assert.equal(
    read(["fingerprint", "md5 00:11"], ["fingerprint", ""]).finish().fingerprint,
    undefined,
  );
});

Deno.test("TransportReader refuses what breaks the grammar", () => {
  const bad = [
    ...["", "abc", "ab d", "ab=d", "äbcd", "x".repeat(257)].map((value) => ["ice-ufrag", value]),
    ...["", "x".repeat(21), "x".repeat(257), `${"x".repeat(22)}-`].map((
      value,
    ) => ["ice-pwd", value]),
    ...["sha-256", `sha-256 ${SHA1}`, `sha-1 ${SHA256}`, `sha-1 ${SHA1}:`, `sha-1 ${SHA1} `]
      .map((value) => ["fingerprint", value]),
    ["fingerprint", `sha-1 ${SHA1.replace("0b", "0g")}`],
    ...["", "holdconn", "ACTIVE", "active "].map((value) => ["setup", value]),
  ];

  for (const [name, value] of bad) {
    assertRefused(() => read([name!, value!]), new RegExp(`line 7: a=${name}`));
  }
});

Deno.test("TransportReader leaves other attributes to others", () => {
  assert.equal(
    new TransportReader().take(LINE, "candidate", "1 1 udp 1 x.local 9 typ host"),
    false,
  );
  assert.equal(new TransportReader().take(LINE, "mid", "0"), false);
});
