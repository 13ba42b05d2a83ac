/**
 * Opens the port: chooses the listener, reads the certificate and has its renewal taken over. Says what
 * to change when the address or the certificate cannot be used, and which URLs to open when they can.
 */
import type { App } from "./app.ts";
import { logger } from "./base/mod.ts";
import { type Config, ConfigError } from "./config.ts";
import {
  checkTlsPair,
  listenDeno,
  type Listener,
  listenWs,
  type TlsPair,
  watchTlsPair,
} from "./listener/mod.ts";

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1|\[::1\])$/;
const EVERY_INTERFACE = new Set(["0.0.0.0", "::", "[::]"]);

/** Starts to serve. Rejects with {@linkcode ConfigError} naming the setting that prevents it. */
export async function listen(config: Config, app: App): Promise<Listener> {
  const tls = readTls(config);
  let listener: Listener;
  try {
    listener = await open(config, app, tls);
  } catch (error) {
    throw new ConfigError(explain(error, config), { cause: error });
  }
  const { renew } = listener;
  if (tls === undefined || renew === undefined) return listener;
  const cancel = watchTlsPair(tls, {
    clock: app.clock,
    log: logger("process"),
    read: () => readTlsAnew(config),
    onRenewed: renew,
  });
  return {
    ...listener,
    shutdown: () => {
      cancel();
      return listener.shutdown();
    },
  };
}

/** The listener that serves with this configuration: on loopback without TLS the runtime's own. */
export function listenerFor(config: Config): "deno" | "ws" {
  const { listener, host } = config;
  if (listener !== "auto") return listener;
  return LOOPBACK.test(host) && config["tls-cert"] === undefined ? "deno" : "ws";
}

/** What to tell whoever started the server: the URLs to open, and what will not work there. */
export function startLines(config: Config, port: number): string[] {
  const { host } = config;
  const isSecure = config["tls-cert"] !== undefined;
  const scheme = isSecure ? "https" : "http";
  const hosts = EVERY_INTERFACE.has(host) ? ["localhost", ...ownAddresses()] : [host];
  const lines = hosts.map((name) => {
    const root = `${scheme}://${name.includes(":") ? `[${name}]` : name}:${port}/`;
    return `Signalbox listens: ${root}  (test page ${root}test)`;
  });
  if (!isSecure && !LOOPBACK.test(host)) {
    lines.push(
      "Note: browsers give no camera or microphone to a page on plain HTTP, except on localhost; " +
        "use --tls-cert and --tls-key, or a proxy that speaks HTTPS",
    );
  }
  return lines;
}

async function open(config: Config, app: App, tls: TlsPair | undefined): Promise<Listener> {
  const address = { hostname: config.host.replace(/^\[(.*)\]$/, "$1"), port: config.port, tls };
  if (listenerFor(config) === "deno") return listenDeno(address, app.handler);
  return await listenWs({
    address,
    handler: app.handler,
    door: app.door,
    clock: app.clock,
    heartbeatMs: config["heartbeat-ms"],
    maxMessageBytes: config["max-message-bytes"],
    messagesPerSecond: config["message-rate"],
    maxPerAddress: config["max-connections-per-address"],
  });
}

function readTls(config: Config): TlsPair | undefined {
  const { "tls-cert": cert, "tls-key": key } = config;
  if (cert === undefined || key === undefined) return undefined;
  const tls = { cert: readPem("tls-cert", cert), key: readPem("tls-key", key) };
  try {
    checkTlsPair(tls);
  } catch (error) {
    const message = `Cannot use --tls-cert and --tls-key: ${firstLine(error)}`;
    throw new ConfigError(message, { cause: error });
  }
  return tls;
}

async function readTlsAnew(config: Config): Promise<TlsPair> {
  const paths = [config["tls-cert"]!, config["tls-key"]!]; // Watched only where both are given.
  const [cert = "", key = ""] = await Promise.all(paths.map((path) => Deno.readTextFile(path)));
  return { cert, key };
}

function readPem(setting: "tls-cert" | "tls-key", path: string): string {
  const attempt = `Cannot use --${setting} ${JSON.stringify(path)}`;
  let text: string;
  try {
    text = Deno.readTextFileSync(path);
  } catch (error) {
    throw new ConfigError(`${attempt}: ${firstLine(error)}`, { cause: error });
  }
  const label = setting === "tls-cert" ? "CERTIFICATE" : "PRIVATE KEY";
  if (text.includes(`${label}-----`)) return text;
  throw new ConfigError(`${attempt}: the file holds no PEM block "${label}"`);
}

function explain(error: unknown, { host, port }: Config): string {
  const code = (error as { code?: unknown }).code; // Node's errors have one.
  if (error instanceof Deno.errors.AddrInUse || code === "EADDRINUSE") {
    return `Cannot use --port ${port}: another program listens on ${host}:${port}; ` +
      "stop it, or choose another port (0: any free one)";
  }
  const isDenied = error instanceof Deno.errors.PermissionDenied ||
    error instanceof Deno.errors.NotCapable || code === "EACCES";
  if (isDenied) {
    return `Cannot use --port ${port}: ${firstLine(error)}; ports below 1024 often need root`;
  }
  return `Cannot use --host ${JSON.stringify(host)}: ${firstLine(error)}`;
}

function ownAddresses(): string[] {
  return Deno.networkInterfaces()
    .filter(({ family, address }) => family === "IPv4" && !LOOPBACK.test(address))
    .map(({ address }) => address);
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : `${error}`).split("\n")[0] ?? "";
}
