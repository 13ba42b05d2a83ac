/**
 * Opens the port: the one `Deno.serve` of the process. Says what to change when the address or the
 * certificate cannot be used, and which URLs to open when they can.
 */
import { type Config, ConfigError } from "./config.ts";
import type { Handler } from "./http/mod.ts";

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1|\[::1\])$/;
const EVERY_INTERFACE = new Set(["0.0.0.0", "::", "[::]"]);

/** Starts to serve. Throws {@linkcode ConfigError} naming the setting that prevents it. */
export function listen(config: Config, handler: Handler): Deno.HttpServer<Deno.NetAddr> {
  const { host, port } = config;
  const tls = readTls(config);
  try {
    return Deno.serve({ hostname: host, port, onListen() {}, ...tls }, handler);
  } catch (error) {
    throw new ConfigError(explain(error, config), { cause: error });
  }
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

function readTls(config: Config): { cert: string; key: string } | undefined {
  const { "tls-cert": cert, "tls-key": key } = config;
  if (cert === undefined || key === undefined) return undefined;
  return { cert: readPem("tls-cert", cert), key: readPem("tls-key", key) };
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

function explain(error: unknown, { host, port, ...config }: Config): string {
  if (error instanceof Deno.errors.AddrInUse) {
    return `Cannot use --port ${port}: another program listens on ${host}:${port}; ` +
      "stop it, or choose another port (0: any free one)";
  }
  if (error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable) {
    return `Cannot use --port ${port}: ${firstLine(error)}; ports below 1024 often need root`;
  }
  if (config["tls-cert"] !== undefined && !(error instanceof Deno.errors.AddrNotAvailable)) {
    return `Cannot use --tls-cert and --tls-key: ${firstLine(error)}`;
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
