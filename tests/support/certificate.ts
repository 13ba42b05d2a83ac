/** A self-signed certificate for this machine, made anew for each test that serves TLS. */
import { generate } from "selfsigned";

/** Writes `cert.pem` and `key.pem` into `folder` and returns their paths and the certificate. */
export async function makeCertificate(
  folder: string,
): Promise<{ cert: string; key: string; pem: string }> {
  const made = await generate([{ name: "commonName", value: "localhost" }], {
    keyType: "ec",
    algorithm: "sha256",
    extensions: [{
      name: "subjectAltName",
      altNames: [{ type: 2, value: "localhost" }, { type: 7, ip: "127.0.0.1" }],
    }],
  });
  const cert = `${folder}/cert.pem`;
  const key = `${folder}/key.pem`;
  await Deno.writeTextFile(cert, made.cert);
  await Deno.writeTextFile(key, made.private);
  return { cert, key, pem: made.cert };
}
