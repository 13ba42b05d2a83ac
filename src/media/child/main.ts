/**
 * A media process: runs the SFU over the native addon, on behalf of the server's process that started
 * it and speaks with it over the standard streams. It ends with its input, or when told to stop.
 */
import { type Logger, systemClock } from "../../base/mod.ts";
import type { StartOptions } from "../ipc/messages.ts";
import { MediaError } from "../port.ts";
import { MAX_VIDEOS } from "../sfu/last_videos.ts";
import { SfuRoom } from "../sfu/room.ts";
import { makeCertificate } from "./certificate.ts";
import { RelayedPort } from "./relayed_port.ts";
import { runProcess } from "./run_process.ts";
import type { SfuRooms } from "./sfu_rooms.ts";

// Before it is told how to work, for one that is kept in reserve is to begin at once. What goes wrong
// is told whoever asks for a start.
const prepared = Promise.all([loadAddon(), makeCertificate()]);
prepared.catch(() => {});

await runProcess(startSfu);

async function startSfu(options: StartOptions, log: Logger): Promise<SfuRooms> {
  const [{ NativeTransports }, certificate] = await prepared;
  const relayed = await openRelayedPort(options);
  const transports = await NativeTransports.open({
    ...options,
    candidates: [...options.candidates, ...(relayed?.candidates ?? [])],
    credentials: relayed,
    certificate,
    log,
  });
  const { recordingsFolder } = options;
  const shared = { transports, clock: systemClock, lastN: MAX_VIDEOS, recordingsFolder, log };
  return {
    get connectionCount() {
      return transports.size;
    },
    open: (roomId, events) => new SfuRoom({ roomId, events, ...shared }),
    close() {
      transports.close();
      relayed?.close();
    },
  };
}

/** The port for browsers behind relays over TCP, where there is to be one. */
function openRelayedPort(options: StartOptions): Promise<RelayedPort> | undefined {
  const { port, relayedPort, bindAddress, candidates } = options;
  if (relayedPort === undefined) return undefined;
  const addresses = candidates.map(({ address }) => address);
  const clock = systemClock;
  return RelayedPort.open({ port: relayedPort, addresses, bindAddress, target: port, clock });
}

/** The addon is loaded here, so that a machine that lacks it is told in words. */
async function loadAddon(): Promise<typeof import("./native.ts")> {
  try {
    return await import("./native.ts");
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : `${error}`;
    throw new MediaError("unavailable", `Cannot load the media engine: ${reason}`, {
      cause: error,
    });
  }
}
