/**
 * What the server answers over HTTP: alive, ready, its clock, and whether HTTPS is insisted on.
 */
import type { Answer } from "./ask.ts";
import { ask } from "./ask.ts";
import { type Check, fail, ok, type Outcome, type SiteContext, skipped, warn } from "./check.ts";

/** Tokens and chat times are off by as much; browsers and logs begin to disagree. */
const MAX_SKEW_MS = 2_000;
/** The Date header counts whole seconds: on average it is half of one behind. */
const DATE_RESOLUTION_MS = 1_000;
const STANDARD_PORTS: readonly number[] = [80, 443];

/** The checks, in their order. */
export const HTTP_CHECKS: readonly Check<SiteContext>[] = [
  { id: "health", title: "/healthz", needs: ["tls"], run: (context) => judgeHealth(context) },
  { id: "ready", title: "/readyz", needs: ["health"], run: (context) => judgeReady(context) },
  { id: "clock", title: "clock", needs: ["health"], run: (context) => judgeClock(context) },
  {
    id: "https",
    title: "http to https",
    needs: ["tls"],
    run: (context) => judgePlainHttp(context),
  },
  { id: "hsts", title: "HSTS", needs: ["health"], run: (context) => judgeHsts(context) },
];

type HttpContext = Pick<SiteContext, "site" | "clock" | "ca">;

async function judgeHealth(context: HttpContext): Promise<Outcome> {
  const answer = await askSite(context, "/healthz");
  if (answer instanceof Error) {
    return fail(`no answer: ${answer.message}`, "Check the proxy's upstream, and the server's log");
  }
  const { status, body, ms } = answer;
  const version = fieldOf(body, "version");
  if (status === 200 && version !== undefined) {
    return ok(`Signalbox ${version}, ${ms.toFixed(1)} ms`);
  }
  if (status === 502 || status === 503 || status === 504) {
    return fail(
      `${status}: a proxy answers, the server behind it does not`,
      "Start the server, or correct the proxy's upstream",
    );
  }
  return warn(
    `${status}, which is not Signalbox's`,
    "Check the host and the path of --url; let the proxy pass /healthz if a monitor shall ask",
  );
}

async function judgeReady(context: HttpContext): Promise<Outcome> {
  const answer = await askSite(context, "/readyz");
  if (answer instanceof Error) {
    return fail(`no answer: ${answer.message}`, "Check the server's log");
  }
  const { status, body } = answer;
  if (status === 200) return ok("takes connections");
  if (status !== 503) {
    return warn(`${status}`, "Let the proxy pass /readyz if a balancer shall ask");
  }
  const code = fieldOf(body, "code") ?? "no reason given";
  return fail(
    `takes none: ${code}`,
    code === "too-many-connections"
      ? "Raise --max-connections, or add a server"
      : "Wait until it has restarted",
  );
}

async function judgeClock(context: HttpContext): Promise<Outcome> {
  const { clock } = context;
  const askedAt = clock.now();
  const answer = await askSite(context, "/healthz");
  if (answer instanceof Error) return skipped(`no answer: ${answer.message}`);
  return judgeSkew(answer.headers.date, { askedAt, answeredAt: clock.now() });
}

/** What a Date header says beside this machine's clock when asked and when answered. */
export function judgeSkew(
  date: string | undefined,
  { askedAt, answeredAt }: { askedAt: number; answeredAt: number },
): Outcome {
  const theirs = Date.parse(date ?? "");
  if (Number.isNaN(theirs)) return skipped("the answer has no Date");
  // Their time lies in a whole second, ours between asking and answering.
  const ahead = theirs - answeredAt;
  const behind = askedAt - (theirs + DATE_RESOLUTION_MS);
  const skewMs = Math.max(0, ahead, behind);
  if (skewMs <= MAX_SKEW_MS) return ok("agrees with this machine's to the second");
  const seconds = (skewMs / 1_000).toFixed(1);
  return warn(
    `the server's is ${seconds} s ${ahead > behind ? "ahead of" : "behind"} this machine's`,
    "Let both follow NTP: access tokens and the times of chat go by the clock",
  );
}

async function judgePlainHttp(context: HttpContext): Promise<Outcome> {
  const { site, clock } = context;
  if (!site.isSecure) return skipped("--url is not https");
  if (!STANDARD_PORTS.includes(site.port)) return skipped(`no known port beside ${site.port}`);
  const host = site.host.includes(":") ? `[${site.host}]` : site.host;
  try {
    return judgeRedirect(await ask(`http://${host}/`, { clock }), site.host);
  } catch {
    return ok("port 80 is closed"); // Nobody is served in the clear.
  }
}

/** What an answer over plain HTTP means for a site that speaks HTTPS. */
export function judgeRedirect(
  { status, headers }: Pick<Answer, "status" | "headers">,
  host: string,
): Outcome {
  const target = headers.location ?? "";
  const advice = "Redirect port 80 to https with 308";
  if (status < 300 || status > 399) return warn(`port 80 serves without TLS (${status})`, advice);
  const isSame = URL.canParse(target) && new URL(target).protocol === "https:" &&
    new URL(target).hostname.replace(/^\[(.*)\]$/, "$1") === host;
  return isSame
    ? ok(`port 80 redirects (${status})`)
    : warn(`port 80 redirects elsewhere: ${target.slice(0, 200) || "nowhere"}`, advice);
}

async function judgeHsts(context: HttpContext): Promise<Outcome> {
  if (!context.site.isSecure) return skipped("--url is not https");
  const answer = await askSite(context, "/healthz");
  if (answer instanceof Error) return skipped(`no answer: ${answer.message}`);
  return judgeHstsHeader(answer.headers["strict-transport-security"]);
}

/** What the header tells browsers. */
export function judgeHstsHeader(header: string | undefined): Outcome {
  const seconds = Number(/max-age="?(\d+)/i.exec(header ?? "")?.[1] ?? 0);
  if (seconds > 0) return ok(`browsers keep to https for ${Math.floor(seconds / 86_400)} days`);
  return warn(
    header === undefined ? "no Strict-Transport-Security" : `switched off: ${header.slice(0, 80)}`,
    "Let the proxy pass or send the header: a first visit over http could be diverted",
  );
}

async function askSite({ site, clock, ca }: HttpContext, path: string): Promise<Answer | Error> {
  try {
    return await ask(site.url(path), { clock, ca });
  } catch (error) {
    return error instanceof Error ? error : new Error(`${error}`);
  }
}

/** A field of a JSON object, if it is text. */
export function fieldOf(body: string, name: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined; // A proxy's page in HTML.
  }
  if (typeof value !== "object" || value === null) return undefined;
  const field = Object.entries(value).find(([key]) => key === name)?.[1];
  return typeof field === "string" ? field.slice(0, 200) : undefined;
}
