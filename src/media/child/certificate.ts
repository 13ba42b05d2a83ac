/**
 * The certificate of this process, the same for all its transports (RFC 8827, section 6.5): made at
 * the start, known to nobody before, and gone with the process. Its fingerprint is in every
 * description, so that one can be written before there is a transport.
 */
import { X509Certificate } from "node:crypto";
import { generate } from "selfsigned";
import type { Fingerprint } from "../sfu/transport.ts";

/** What DTLS shows to browsers. */
export type Certificate = {
  /** PEM. */
  readonly certificate: string;
  /** PEM. */
  readonly key: string;
  /** Of the certificate, as descriptions name it. */
  readonly fingerprint: Fingerprint;
};

/** Makes a certificate with a key on P-256, which every browser takes (RFC 8827, section 6.5). */
export async function makeCertificate(): Promise<Certificate> {
  const made = await generate([{ name: "commonName", value: "signalbox" }], {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256",
  });
  const value = new X509Certificate(made.cert).fingerprint256;
  return {
    certificate: made.cert,
    key: made.private,
    fingerprint: { algorithm: "sha-256", value },
  };
}
