/** The certificate of a media process is one that browsers take, and another each time. */
import assert from "node:assert/strict";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { makeCertificate } from "../../../src/media/child/certificate.ts";

Deno.test("makeCertificate makes a pair on P-256 that belongs together, and names it", async () => {
  const { certificate, key, fingerprint } = await makeCertificate();

  const read = new X509Certificate(certificate);
  const { asymmetricKeyType, asymmetricKeyDetails } = read.publicKey;
  assert.deepEqual([asymmetricKeyType, asymmetricKeyDetails?.namedCurve], ["ec", "prime256v1"]);
  assert.ok(read.checkPrivateKey(createPrivateKey(key)));
  assert.deepEqual(fingerprint, { algorithm: "sha-256", value: read.fingerprint256 });
  assert.ok(Date.parse(read.validTo) - Date.now() > 300 * 86_400_000, read.validTo);
});

Deno.test("makeCertificate makes another each time", async () => {
  const [one, two] = await Promise.all([makeCertificate(), makeCertificate()]);

  assert.notEqual(one.fingerprint.value, two.fingerprint.value);
});
