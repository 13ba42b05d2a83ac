/** Connects a user to what a description of the server says. Sender and receiver do it alike. */
import { MediaError } from "../../src/media/port.ts";
import type { IceParameters, Transport } from "../../src/media/sfu/transport.ts";
import type { MediaEngine } from "./engine.ts";
import { DescriptionError, type ServerDescription } from "./server_description.ts";

/** Begins to connect; `packet` takes what comes. Throws {@linkcode DescriptionError}. */
export function connectToServer(
  engine: MediaEngine,
  { ice, description }: {
    readonly ice: IceParameters;
    readonly description: ServerDescription;
  },
  packet: (bytes: Uint8Array) => void,
): Transport {
  try {
    return engine.connect({ local: ice, remote: description.server }, {
      opened() {},
      packet,
      message() {},
      drained() {},
      closed() {}, // The server says what becomes of it (rule SB5).
    });
  } catch (error) {
    if (!(error instanceof MediaError)) throw error;
    throw new DescriptionError(error.message, { cause: error });
  }
}
