/**
 * Our own server with a media process that is wrong in one way, as a process of its own:
 *
 *     deno run -A tests/support/mutants/media_server.ts lose-packets
 *
 * It prints the URL of its socket as the first line, and runs until it is ended. Without a name its
 * media process is correct.
 */
import { createApp } from "../../../src/app.ts";
import { print, silentLogger, systemClock } from "../../../src/base/mod.ts";
import { readConfig } from "../../../src/config.ts";
import { spawnMedia } from "../../../src/media/host/spawn_media.ts";
import { MediaHost } from "../../../src/media/host.ts";
import { mediaProcesses } from "../../../src/media_plane.ts";
import { freeUdpPort } from "../ports.ts";

/** What each does wrong, and the rule of PROTOCOL.md that it breaks; its program is of that name. */
export const mediaMutants: Readonly<Record<string, { does: string; rule: string }>> = {
  "swap-receivers": {
    does: "sends packets of two receivers to each other now and then",
    rule: "SB1",
  },
  "lose-packets": { does: "loses one packet of a hundred", rule: "SB1" },
  "forward-unpublished": { does: "goes on with what is not published any more", rule: "PB3" },
  "ignore-pauses": { does: "sends paused pictures", rule: "SB3" },
  "stale-pictures": { does: "begins pictures anywhere", rule: "SB1" },
  "shift-time": { does: "moves the timestamp of one packet of fifty", rule: "SB1" },
  "lose-key-frame-requests": { does: "asks nobody for key frames", rule: "SB1" },
};

if (import.meta.main) {
  const [name] = Deno.args;
  if (name !== undefined && !Object.hasOwn(mediaMutants, name)) {
    throw new RangeError(`No mutant is called "${name}": ${Object.keys(mediaMutants).join(", ")}`);
  }
  const port = await freeUdpPort();
  const config = readConfig([
    ...["--message-rate", "1000000", "--message-burst", "1000000", "--topology", "sfu"],
    ...["--media-port", `${port}`, "--media-processes", "1"],
  ], {});
  const entry = name && import.meta.resolve(`./media/${name.replaceAll("-", "_")}.ts`);
  const media = new MediaHost({
    processes: mediaProcesses(config, { cores: 1, addresses: [] }),
    spawn: (start) => spawnMedia([start], entry ? { entry } : {}),
    clock: systemClock,
    log: silentLogger,
  });
  await media.prepare();
  const app = createApp({ config, media });
  Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    onListen: ({ port }) => print(`ws://127.0.0.1:${port}/ws`),
  }, app.handler);
}
