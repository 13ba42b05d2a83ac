/**
 * A real nginx or Caddy of this machine in front of a server, with the sample of `deploy/` that
 * operators copy. Only addresses, names and certificates are replaced, and numbers that a test would
 * have to wait for; a replacement that finds nothing fails, so the sample cannot drift away.
 */
import { makeCertificate } from "./certificate.ts";
import { type Program, provide } from "./debian_package.ts";
import { readDeployFile } from "./deploy_files.ts";
import { freePort, isListening } from "./ports.ts";
import { waitUntil } from "./wait_until.ts";

/** Which proxy. */
export type ProxyKind = "nginx" | "caddy";

/** How to start a proxy. */
export interface ProxyOptions {
  /** The port of the server behind it. */
  readonly upstream: number;
  /** More replacements in the sample, from what stands there to what shall. Default none. */
  readonly replace?: Readonly<Record<string, string>>;
}

/** What the samples are filled with. */
type Site = {
  readonly port: number;
  readonly plainPort: number;
  readonly upstream: number;
  readonly cert: string;
  readonly key: string;
  readonly folder: string;
};

/** How a kind of proxy is told of a site: the command to run, once its files are written. */
type Launch = {
  readonly program: Program;
  readonly sample: string;
  readonly replacements: (site: Site) => Readonly<Record<string, string>>;
  readonly command: (site: Site, config: string) => Promise<CommandLine>;
};
type CommandLine = { readonly args: string[]; readonly env: Record<string, string> };

/** Debian's nginx and Caddy. */
export const PROXY_PROGRAMS: Readonly<Record<ProxyKind, Program>> = {
  nginx: {
    name: "nginx",
    variable: "NGINX",
    candidates: ["/usr/sbin/nginx", "/usr/local/bin/nginx", "/opt/homebrew/bin/nginx"],
    packages: ["nginx"],
  },
  caddy: {
    name: "Caddy",
    variable: "CADDY",
    candidates: ["/usr/bin/caddy", "/usr/local/bin/caddy", "/opt/homebrew/bin/caddy"],
    packages: ["caddy"],
  },
};

const LAUNCHES: Readonly<Record<ProxyKind, Launch>> = {
  nginx: {
    program: PROXY_PROGRAMS.nginx,
    sample: "nginx.conf",
    replacements: ({ port, plainPort, upstream, cert, key }) => ({
      "listen 80;": `listen 127.0.0.1:${plainPort};`,
      "listen [::]:80;": "",
      "listen 443 ssl;": `listen 127.0.0.1:${port} ssl;`,
      "listen [::]:443 ssl;": "",
      "server 127.0.0.1:8080;": `server 127.0.0.1:${upstream};`,
      "signal.example.org": "localhost",
      "/etc/ssl/signalbox/cert.pem": cert,
      "/etc/ssl/signalbox/key.pem": key,
    }),
    async command({ folder }, config) {
      const main = `${folder}/main.conf`;
      await Deno.writeTextFile(main, nginxAround(config, folder));
      return { args: ["-c", main, "-e", "stderr"], env: {} };
    },
  },
  caddy: {
    program: PROXY_PROGRAMS.caddy,
    sample: "Caddyfile",
    replacements: ({ plainPort, cert, key }) => ({
      "\n\tservers {": `\n\tadmin off\n\thttp_port ${plainPort}\n\tservers {`,
      "\n\trequest_body {": `\n\tbind 127.0.0.1\n\ttls ${cert} ${key}\n\trequest_body {`,
    }),
    command: ({ port, upstream, folder }, config) =>
      Promise.resolve({
        args: ["run", "--adapter", "caddyfile", "--config", config],
        env: {
          HOME: folder,
          XDG_DATA_HOME: folder,
          XDG_CONFIG_HOME: folder,
          SIGNALBOX_SITE: `https://localhost:${port}`,
          SIGNALBOX_UPSTREAM: `127.0.0.1:${upstream}`,
        },
      }),
  },
};

/** A running proxy. */
export class Proxy {
  /** The origin of its pages, without a slash at the end. */
  readonly origin: string;
  /** The same without TLS. */
  readonly plainOrigin: string;
  /** The certificate to trust. */
  readonly pem: string;
  readonly #child: Deno.ChildProcess;
  readonly #folder: string;
  readonly #said: Promise<string>;

  private constructor(site: Site, pem: string, child: Deno.ChildProcess) {
    this.origin = `https://localhost:${site.port}`;
    this.plainOrigin = `http://localhost:${site.plainPort}`;
    this.pem = pem;
    this.#child = child;
    this.#folder = site.folder;
    this.#said = new Response(child.stderr).text();
  }

  /** Starts a proxy and waits until it listens. Rejects with its output when it does not. */
  static async start(kind: ProxyKind, options: ProxyOptions): Promise<Proxy> {
    const { program, sample, replacements, command } = LAUNCHES[kind];
    const executable = await provide(program);
    const folder = await Deno.makeTempDir();
    const { cert, key, pem } = await makeCertificate(folder);
    const [port, plainPort] = [freePort(), freePort()];
    const site = { port, plainPort, upstream: options.upstream, cert, key, folder };
    const text = await readDeployFile(sample);
    const config = `${folder}/${sample}`;
    await Deno.writeTextFile(config, filled(text, { ...replacements(site), ...options.replace }));
    const child = new Deno.Command(executable, {
      ...await command(site, config),
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const proxy = new Proxy(site, pem, child);
    let exited: Deno.CommandStatus | undefined;
    child.status.then((status) => exited = status);
    await waitUntil(async () => {
      if (exited !== undefined) {
        throw new Error(`${kind} ended with ${exited.code}: ${await proxy.#said}`);
      }
      return await isListening(port) ? undefined : `${kind} does not listen on port ${port}`;
    });
    return proxy;
  }

  /** Ends it and removes its files. */
  async stop(): Promise<void> {
    this.#child.kill("SIGTERM");
    await Promise.all([this.#said, this.#child.status]);
    await Deno.remove(this.#folder, { recursive: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** The text with each key replaced by its value wherever it stands. */
function filled(text: string, replacements: Readonly<Record<string, string>>): string {
  return Object.entries(replacements).reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new RangeError(`Cannot replace ${JSON.stringify(from)}: gone`);
    return text.replaceAll(from, to);
  }, text);
}

/** What stands around a file of `conf.d`, with nothing outside the folder. */
function nginxAround(config: string, folder: string): string {
  const places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `${name}_temp_path ${folder}/${name};`);
  return `
    ${Deno.uid() === 0 ? "user root;" : ""}
    daemon off;
    pid ${folder}/pid;
    error_log stderr;
    events { worker_connections 256; }
    http { access_log off; ${places.join(" ")} include ${config}; }
  `;
}
