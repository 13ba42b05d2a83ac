/**
 * Whether the server can be reached at all: its name, its port, its certificate.
 */
import { lookup } from "node:dns/promises";
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls, type DetailedPeerCertificate, type TLSSocket } from "node:tls";
import { type Check, fail, ok, type Outcome, type SiteContext, skipped, warn } from "./check.ts";

/** Whoever takes longer cannot be reached. */
const TIMEOUT_MS = 10_000;
/** Certificates are renewed a month before their end; two weeks before it nobody did. */
const SOON_DAYS = 14;
const DAY_MS = 86_400_000;

/** The checks, in their order. */
export const REACH_CHECKS: readonly Check<SiteContext>[] = [
  { id: "dns", title: "name", run: judgeName },
  { id: "tcp", title: "connection", needs: ["dns"], run: judgeConnection },
  { id: "tls", title: "certificate", needs: ["tcp"], run: judgeTls },
];

/** What a certificate says of itself, and what is wrong with it by the rules. */
export type CertificateView = {
  readonly subject: string;
  readonly issuer: string;
  readonly validFrom: Date;
  readonly validTo: Date;
  /** OpenSSL's word for why it is not trusted; undefined: it is. */
  readonly fault: string | undefined;
};

/** Whether the name has an address. */
export async function judgeName({ site }: Pick<SiteContext, "site">): Promise<Outcome> {
  try {
    const addresses = (await lookup(site.host, { all: true })).map(({ address }) => address);
    const isAddress = addresses.length === 1 && addresses[0] === site.host;
    return ok(isAddress ? "an address, no name" : `${site.host} is ${addresses.join(", ")}`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : `${error}`;
    return fail(
      `${site.host} has no address: ${reason}`,
      "Check the name, and its A and AAAA records",
    );
  }
}

/** Whether anybody accepts connections there. */
export async function judgeConnection(
  { site, clock }: Pick<SiteContext, "site" | "clock">,
): Promise<Outcome> {
  const startedAt = clock.elapsed();
  const socket = connectTcp({ host: site.host, port: site.port });
  try {
    await untilOpen(socket, "connect", clock);
    return ok(`port ${site.port} accepts within ${Math.ceil(clock.elapsed() - startedAt)} ms`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : `${error}`;
    return fail(
      `port ${site.port} does not accept: ${reason}`,
      "Start the server (deno task start), check its --host, and the firewall between",
    );
  } finally {
    await closed(socket);
  }
}

/** Whether browsers trust the certificate, and for how long. */
export async function judgeTls(context: Omit<SiteContext, "signal">): Promise<Outcome> {
  const { site, clock } = context;
  if (!site.isSecure) {
    if (site.isLoopback) return skipped("no TLS; on this machine none is needed");
    return warn("no TLS", "Use https: browsers give no camera or microphone to a page without it");
  }
  let view: CertificateView;
  try {
    view = await readCertificate(context);
  } catch (error) {
    const reason = error instanceof Error ? error.message : `${error}`;
    return fail(
      `no TLS on port ${site.port}: ${reason}`,
      "Use http:// if it speaks none, else set --tls-cert and --tls-key or the proxy's certificate",
    );
  }
  return judgeCertificate(view, clock.now());
}

/** What to say of a certificate at the time `now`. */
export function judgeCertificate(view: CertificateView, now: number): Outcome {
  const { subject, issuer, validFrom, validTo, fault } = view;
  const until = validTo.toISOString().slice(0, 10);
  const days = Math.floor((validTo.getTime() - now) / DAY_MS);
  if (now > validTo.getTime()) {
    return fail(
      `of ${subject}, expired on ${until}`,
      "Renew it; a renewed file is taken over at once",
    );
  }
  if (now < validFrom.getTime()) {
    const from = validFrom.toISOString().slice(0, 10);
    return fail(`of ${subject}, valid from ${from} on`, "Check the clocks of both machines");
  }
  if (fault !== undefined) {
    const { found, advice } = explainFault(fault);
    return fail(`of ${subject}, ${found}`, advice);
  }
  const found = `of ${subject} by ${issuer}, until ${until} (${days} days)`;
  if (days >= SOON_DAYS) return ok(found);
  return warn(found, "Renew it soon, and see why its renewal has not run");
}

/** Reads the certificate without trusting it, and whether it would be trusted. */
async function readCertificate(context: Omit<SiteContext, "signal">): Promise<CertificateView> {
  const { site, clock, ca } = context;
  const servername = /^[\d.]+$|:/.test(site.host) ? {} : { servername: site.host };
  const options = { host: site.host, port: site.port, ...servername, ...ca ? { ca } : {} };
  const look = connectTls({ ...options, rejectUnauthorized: false });
  let certificate: DetailedPeerCertificate;
  try {
    await untilOpen(look, "secureConnect", clock);
    certificate = look.getPeerCertificate(true);
  } finally {
    await closed(look);
  }
  return {
    subject: nameOf(certificate.subject) ?? site.host,
    issuer: nameOf(certificate.issuer) ?? "nobody",
    validFrom: new Date(certificate.valid_from),
    validTo: new Date(certificate.valid_to),
    fault: await faultOf(connectTls(options), clock),
  };
}

/** Why a strict client refuses the certificate. */
async function faultOf(
  socket: TLSSocket,
  clock: SiteContext["clock"],
): Promise<string | undefined> {
  try {
    await untilOpen(socket, "secureConnect", clock);
    return undefined;
  } catch (error) {
    const code = (error as { code?: unknown }).code; // Node's errors have one.
    return typeof code === "string" ? code : `${error}`;
  } finally {
    await closed(socket);
  }
}

function explainFault(fault: string): { found: string; advice: string } {
  if (/SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED/.test(fault)) {
    return {
      found: "signed by itself",
      advice: "Get one from an authority; for one of your own set DENO_CERT=ca.pem here",
    };
  }
  if (/ALTNAME/.test(fault)) {
    return { found: "made for another name", advice: "Get one that lists the name of --url" };
  }
  if (/UNABLE_TO|ISSUER/.test(fault)) {
    return {
      found: "whose chain leads to no known authority",
      advice: "Serve the full chain (fullchain.pem), not the certificate alone",
    };
  }
  return { found: `not trusted: ${fault}`, advice: "Replace it by one that browsers trust" };
}

function nameOf(name: { CN?: string | string[]; O?: string | string[] } | undefined) {
  return [name?.CN ?? name?.O].flat()[0];
}

/** Resolves once the socket is ready; rejects with its error, or after a while. */
function untilOpen(
  socket: Socket,
  event: "connect" | "secureConnect",
  clock: SiteContext["clock"],
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const cancel = clock.after(
    TIMEOUT_MS,
    () => reject(new Error(`no answer within ${TIMEOUT_MS / 1_000} s`)),
  );
  socket.once(event, () => resolve());
  socket.on("error", reject);
  socket.once("close", () => reject(new Error("the other side closed the connection")));
  return promise.finally(cancel);
}

function closed(socket: Socket): Promise<void> {
  if (socket.closed) return Promise.resolve();
  return new Promise((resolve) => {
    socket.once("close", () => resolve());
    socket.destroy();
  });
}
