/** The call of a live room with the browser's connections, codecs and devices behind it. */
import type { MediaPath, Role, RoomId } from "../../src/protocol/mod.ts";
import { LiveCall } from "../call/live/live_call.ts";
import { heldTo } from "../call/live/media_policy.ts";
import { Mesh } from "../call/mesh.ts";
import { browserPlatform } from "../call/platform.ts";
import type { FrameSocket } from "../call/relay/frame_sink.ts";
import { SfuCall } from "../call/sfu/sfu_call.ts";
import { SwitchingCall } from "../call/switching_call.ts";
import type { CallOptions } from "../call/transport.ts";
import { pageClock } from "./page_clock.ts";
import { relayPlatform } from "./relay_platform.ts";

/** What the page says of a live call. */
export interface LivePageOptions {
  readonly roomId: RoomId;
  readonly role: Role;
  /** Of the address (`?path=`). Default: the best that there is. */
  readonly forced?: MediaPath | undefined;
  /** The session of the page. */
  readonly frames: FrameSocket;
  /** Default: nobody asks. */
  readonly faulted?: ((fault: unknown) => void) | undefined;
}

/** A call of a live room; hand it every message of the server from its `joined` on, and every frame. */
export function createLiveCall(options: CallOptions, page: LivePageOptions): LiveCall {
  const platform = browserPlatform(pageClock);
  return new LiveCall({
    ...options,
    ...page,
    clock: pageClock,
    randomId: platform.randomId(),
    relay: relayPlatform(pageClock),
    createMedia(options, policy) {
      const held = heldTo(policy, platform);
      const isReceiver = page.role === "viewer";
      return new SwitchingCall({
        ...options,
        clock: pageClock,
        create: {
          mesh: (options) => new Mesh({ ...options, platform: held }),
          sfu: (options) => new SfuCall({ ...options, platform, isReceiver }),
        },
      });
    },
  });
}
