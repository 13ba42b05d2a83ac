/** The real application behind either of its listeners, on a real port of this process; no page. */
import { createApp } from "../../src/app.ts";
import { readConfig } from "../../src/config.ts";
import { listen } from "../../src/listen.ts";

/** A server of this process. */
export type ListeningApp = {
  /** Where it listens, without a slash at the end. */
  readonly address: string;
  /** The value of a metric by now; NaN where there is none of that name and labels. */
  readonly metric: (name: string) => Promise<number>;
  /** Stops it. */
  readonly close: () => Promise<void>;
};

/** Starts a server on a free port, with `deno` or `ws`. */
export async function startListening(listener: string): Promise<ListeningApp> {
  const flags = ["--listener", listener, "--host", "127.0.0.1", "--port", "0"];
  const config = readConfig(flags, {});
  const app = createApp({ config });
  const listening = await listen(config, app);
  const address = `http://127.0.0.1:${listening.port}`;
  return {
    address,
    metric: async (name) => {
      const text = await (await fetch(`${address}/metrics`)).text();
      const line = text.split("\n").find((one) => one.startsWith(`${name} `));
      return Number(line?.slice(name.length) ?? NaN);
    },
    close: async () => {
      await app.close();
      await listening.shutdown();
    },
  };
}
