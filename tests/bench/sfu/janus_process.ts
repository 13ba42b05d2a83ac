/**
 * Janus, if it is installed, with a configuration of its own in a temporary folder: the video rooms,
 * the HTTP interface on a port of the loopback, and nothing else. Nothing is installed by this.
 */
import { freePort } from "../../support/ports.ts";
import { waitUntil } from "../../support/wait_until.ts";

/** One port a participant. */
const RTP_PORTS = "51000-51999";
/** What Debian's package and a build from source may have beside what is used. */
const DISABLED = {
  plugins: [
    ...["audiobridge", "duktape", "echotest", "lua", "nosip", "recordplay", "sip"],
    ...["streaming", "textroom", "videocall", "voicemail"],
  ],
  transports: ["mqtt", "nanomsg", "pfunix", "rabbitmq", "websockets"],
};

/** Janus as it runs. */
export type JanusProcess = AsyncDisposable & {
  readonly pid: number;
  /** Where its HTTP interface is. */
  readonly url: string;
  readonly secret: string;
};

/** Starts Janus; rejects with what it logged when it does not answer. */
export async function startJanus(): Promise<JanusProcess> {
  const folder = await Deno.makeTempDir({ prefix: "janus-bench-" });
  const port = freePort();
  const secret = crypto.randomUUID();
  await Deno.writeTextFile(`${folder}/janus.jcfg`, generalConfig(folder, secret));
  await Deno.writeTextFile(`${folder}/janus.transport.http.jcfg`, httpConfig(port));
  const child = new Deno.Command("janus", {
    args: [`--config=${folder}/janus.jcfg`, `--configs-folder=${folder}`, "--disable-stdout"],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  let isRunning = true;
  const ended = child.status.then(() => isRunning = false);
  const url = `http://127.0.0.1:${port}/janus`;
  const janus: JanusProcess = {
    pid: child.pid,
    url,
    secret,
    async [Symbol.asyncDispose](): Promise<void> {
      if (isRunning) child.kill("SIGKILL"); // It has nothing to keep.
      await ended;
      await Deno.remove(folder, { recursive: true });
    },
  };
  try {
    await waitUntil(async () => {
      if (!isRunning) throw new Error(`Janus ended: ${await logOf(folder)}`);
      return await answers(`${url}/info`) ? undefined : "Janus does not answer";
    });
  } catch (error) {
    await janus[Symbol.asyncDispose]();
    throw error;
  }
  return janus;
}

/** ICE-lite, as our SFU is, and sessions that need no sign of life while all is measured. */
function generalConfig(folder: string, secret: string): string {
  const libraries = (kind: keyof typeof DISABLED) =>
    DISABLED[kind].map((name) => `libjanus_${name}.so`).join(",");
  return `general: {
  api_secret = "${secret}"
  log_to_file = "${folder}/janus.log"
  debug_level = 3
  session_timeout = 0
}
media: { rtp_port_range = "${RTP_PORTS}" }
nat: { ice_lite = true }
plugins: { disable = "${libraries("plugins")}" }
transports: { disable = "${libraries("transports")}" }
events: { broadcast = false }
`;
}

function httpConfig(port: number): string {
  return `general: { json = "compact", http = true, https = false, ip = "127.0.0.1", port = ${port} }
admin: { admin_http = false, admin_https = false }
`;
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url);
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false; // It does not listen yet.
  }
}

async function logOf(folder: string): Promise<string> {
  try {
    return await Deno.readTextFile(`${folder}/janus.log`);
  } catch {
    return "it logged nothing"; // It did not come as far as that.
  }
}
