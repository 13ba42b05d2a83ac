/** A self-signed certificate for this machine, made anew for each test that serves TLS. */
import { X509Certificate } from "node:crypto";
import { connect } from "node:tls";
import { generate } from "selfsigned";

/** A certificate and its key, as PEM; valid from a moment ago for a year unless told otherwise. */
export async function makeTlsPair(
  validity: { notBeforeDate?: Date; notAfterDate?: Date } = {},
): Promise<{ cert: string; key: string }> {
  const made = await generate([{ name: "commonName", value: "localhost" }], {
    ...validity,
    keyType: "ec",
    algorithm: "sha256",
    extensions: [{
      name: "subjectAltName",
      altNames: [{ type: 2, value: "localhost" }, { type: 7, ip: "127.0.0.1" }],
    }],
  });
  return { cert: made.cert, key: made.private };
}

/** Writes `cert.pem` and `key.pem` into `folder` and returns their paths and the certificate. */
export async function makeCertificate(
  folder: string,
): Promise<{ cert: string; key: string; pem: string }> {
  const made = await makeTlsPair();
  const cert = `${folder}/cert.pem`;
  const key = `${folder}/key.pem`;
  await Deno.writeTextFile(cert, made.cert);
  await Deno.writeTextFile(key, made.key);
  return { cert, key, pem: made.cert };
}

/** Names a certificate (PEM). */
export function fingerprintOf(cert: string): string {
  return new X509Certificate(cert).fingerprint256;
}

/** Names the certificate that a new client of a port of this machine is shown. */
export function fingerprintAt(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const peer = connect({ host: "127.0.0.1", port, rejectUnauthorized: false }, () => {
      const { fingerprint256 } = peer.getPeerCertificate();
      peer.once("close", () => resolve(fingerprint256));
      peer.destroy();
    });
    peer.once("error", reject);
  });
}
