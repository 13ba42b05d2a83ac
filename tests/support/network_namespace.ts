/**
 * A network of its own for one browser (ip-netns(8)), with a wire to this machine that lets UDP through
 * or not (nft(8)): what a company's firewall does to calls, done by a real kernel. Linux and root only.
 */
import { type Browser, chromium, type Page } from "playwright-core";
import type { TabOptions } from "./browser_tabs.ts";
import { CHROMIUM, FLAGS } from "./chromium.ts";
import { type Program, provide } from "./debian_package.ts";

/** The firewall. */
const NFT: Program = {
  name: "nftables",
  candidates: ["/usr/sbin/nft", "/sbin/nft"],
  packages: ["nftables"],
};
/** What makes the namespace and its wire. */
const IP: Program = {
  name: "iproute2",
  candidates: ["/usr/sbin/ip", "/sbin/ip", "/usr/bin/ip"],
  packages: ["iproute2"],
};

/** Whether this machine lets us: the kernel, and who we are. */
export const canSeparate: boolean = Deno.build.os === "linux" && Deno.uid() === 0;

/** One namespace, and what runs in it. */
export class NetworkNamespace implements AsyncDisposable {
  /** This machine, as the namespace sees it. */
  readonly host: string;
  readonly #name: string;
  readonly #ip: string;
  readonly #nft: string;
  readonly #browsers: Browser[] = [];
  readonly #files: string[] = [];

  private constructor(programs: { ip: string; nft: string }) {
    const [subnet = 0] = crypto.getRandomValues(new Uint8Array(1));
    this.#name = `sb${Deno.pid}-${subnet}`;
    this.host = `10.77.${subnet}.1`;
    ({ ip: this.#ip, nft: this.#nft } = programs);
  }

  /** Makes one. Rejects where the kernel does not let us. */
  static async create(): Promise<NetworkNamespace> {
    const namespace = new NetworkNamespace({ ip: await provide(IP), nft: await provide(NFT) });
    try {
      await namespace.#create();
    } catch (error) {
      await namespace[Symbol.asyncDispose]();
      throw error;
    }
    return namespace;
  }

  /** A Chromium in there, to which `address` is as good as HTTPS. */
  async launch(address: string, flags: readonly string[]): Promise<NamespacedChromium> {
    const program = await Deno.makeTempFile({ suffix: ".sh" });
    this.#files.push(program);
    const inside = `${this.#ip} netns exec ${this.#name} ${await provide(CHROMIUM)}`;
    await Deno.writeTextFile(program, `#!/bin/sh\nexec ${inside} "$@"\n`);
    await Deno.chmod(program, 0o755);
    const secure = `--unsafely-treat-insecure-origin-as-secure=${address}`;
    const browser = await chromium.launch({
      executablePath: program,
      args: [...FLAGS, ...flags, secure],
    });
    this.#browsers.push(browser);
    return new NamespacedChromium(browser, address);
  }

  /** Drops every packet of UDP that comes or goes. */
  async blockUdp(): Promise<void> {
    await this.#inside(this.#nft, "add", "table", "inet", "firewall");
    for (const hook of ["input", "output"]) {
      const chain = ["add", "chain", "inet", "firewall", hook];
      await this.#inside(this.#nft, ...chain, `{ type filter hook ${hook} priority 0 ; }`);
      const rule = ["add", "rule", "inet", "firewall", hook, "meta", "l4proto", "udp", "drop"];
      await this.#inside(this.#nft, ...rule);
    }
  }

  /** Lets no more than so many kbit/s of TCP out: what is beyond gets lost, as on a narrow path. */
  async narrow(kbps: number): Promise<void> {
    const table = ["inet", "narrow"];
    await this.#inside(this.#nft, "add", "table", ...table);
    const chain = ["add", "chain", ...table, "output"];
    await this.#inside(this.#nft, ...chain, "{ type filter hook output priority 0 ; }");
    const limit = `limit rate over ${Math.round(kbps / 8)} kbytes/second burst 16 kbytes drop`;
    await this.#inside(
      this.#nft,
      ...["add", "rule", ...table, "output", "meta", "l4proto", "tcp", ...limit.split(" ")],
    );
  }

  /** Lets UDP through again. */
  async unblockUdp(): Promise<void> {
    await this.#inside(this.#nft, "delete", "table", "inet", "firewall");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const browser of this.#browsers) await browser.close();
    for (const file of this.#files) await Deno.remove(file);
    // The wire goes with it. What was not made cannot be removed, and need not be.
    await run(this.#ip, "netns", "delete", this.#name).catch(() => {});
  }

  async #create(): Promise<void> {
    const [here, there] = [`${this.#name}a`.slice(-15), `${this.#name}b`.slice(-15)];
    const peer = this.host.replace(/1$/, "2");
    await run(this.#ip, "netns", "add", this.#name);
    await run(this.#ip, "link", "add", here, "type", "veth", "peer", "name", there);
    await run(this.#ip, "link", "set", there, "netns", this.#name);
    await run(this.#ip, "address", "add", `${this.host}/24`, "dev", here);
    await run(this.#ip, "link", "set", here, "up");
    const inside = ["-n", this.#name];
    await run(this.#ip, ...inside, "address", "add", `${peer}/24`, "dev", there);
    await run(this.#ip, ...inside, "link", "set", there, "up");
    await run(this.#ip, ...inside, "link", "set", "lo", "up");
    // Chromium takes the address of the way out: without one it has no candidate but loopback's.
    await run(this.#ip, ...inside, "route", "add", "default", "via", this.host);
  }

  #inside(program: string, ...args: readonly string[]): Promise<void> {
    return run(this.#ip, "netns", "exec", this.#name, program, ...args);
  }
}

/** A browser in a namespace. */
export class NamespacedChromium {
  readonly #browser: Browser;
  readonly #address: string;

  /** `address` is the server's, as the namespace sees it. */
  constructor(browser: Browser, address: string) {
    this.#browser = browser;
    this.#address = address;
  }

  /** Opens a path of the server in a tab of its own. */
  async open(path: string, { prepare }: TabOptions): Promise<Page> {
    const page = await (await this.#browser.newContext()).newPage();
    await prepare?.(page);
    await page.goto(`${this.#address}${path}`);
    return page;
  }
}

async function run(program: string, ...args: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, { args: [...args] }).output();
  if (success) return;
  const why = new TextDecoder().decode(stderr).trim();
  throw new Error(`Cannot run ${program} ${args.join(" ")}: ${why}`);
}
