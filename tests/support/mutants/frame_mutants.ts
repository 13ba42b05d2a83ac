/** Mutants that are wrong about frames over the socket, and about wishes for the SFU. */
import { stampRelaySource } from "../../../src/protocol/mod.ts";
import { RoomRegistry } from "../../../src/rooms/registry.ts";
import { RelaySource } from "../../../src/rooms/relay_source.ts";
import { RoomMedia } from "../../../src/rooms/room_media.ts";
import { RoomRelay } from "../../../src/rooms/room_relay.ts";
import { Connection } from "../../../src/signaling/connection.ts";
import { FrameBucket } from "../../../src/signaling/frame_bucket.ts";
import { RelayFanOut } from "../../../src/signaling/relay_fan_out.ts";
import { type Mutant, replaceGetter, replaceMethod } from "./mutant.ts";
import { roomOf, watchRooms } from "./rooms_seen.ts";

/** The mutants by name. */
export const frameMutants: Readonly<Record<string, Mutant>> = {
  "frames-from-anybody": {
    does: "takes binary frames of those whom nobody has asked for any",
    rule: "CO7",
    apply: () =>
      replaceMethod(
        RelayFanOut.prototype,
        "take",
        (_fanOut, original, sender, bytes) =>
          sender.isFrameSource ? original(sender, bytes) : undefined,
      ),
  },
  "relay-whoever": {
    does: "asks those for frames who did not say that they can",
    rule: "FR1",
    apply: () =>
      replaceMethod(
        RoomRegistry.prototype,
        "join",
        (_registry, original, message, entry) => original({ ...message, relay: true }, entry),
      ),
  },
  "frames-before-a-key": {
    does: "begins with whatever picture comes next",
    rule: "FR2",
    apply: () =>
      replaceMethod(RelaySource.prototype, "add", (source, original, participant) => {
        const outbound = original(participant);
        source.viewers.get(participant)!.needsKeyFrame = false;
        return outbound;
      }),
  },
  "frames-without-source": {
    does: "passes frames on without saying whose they are",
    rule: "FR2",
    apply: () =>
      replaceMethod(Connection.prototype, "sendFrame", (_connection, original, bytes) => {
        const copy = bytes.slice();
        stampRelaySource(copy, 0);
        original(copy);
      }),
  },
  "frames-without-end": {
    does: "goes on with frames that are wanted no more",
    rule: "FR2",
    apply: () => replaceMethod(RelaySource.prototype, "delete", () => []),
  },
  "relay-of-other-rooms": {
    does: "lets a request name any room",
    rule: "FR3",
    apply: () => {
      watchRooms();
      replaceMethod(RoomRelay.prototype, "request", (_relay, original, sender, message) => {
        const { roomId = message.roomId } = roomOf(sender) ?? {};
        return original(sender, { ...message, roomId });
      });
    },
  },
  "wanted-told-anew": {
    does: "tells a source what is wanted whenever somebody asks, also where nothing has changed",
    rule: "FR4",
    apply: () =>
      replaceMethod(RelaySource.prototype, "tell", (source, original) => {
        const outbound = original();
        return outbound.length > 0 ? outbound : source.tellAgain();
      }),
  },
  "source-resumes-blind": {
    does: "does not tell a source that resumes what is wanted",
    rule: "FR4",
    apply: () => replaceMethod(RoomRelay.prototype, "resumed", () => []),
  },
  "key-frames-unbounded": {
    does: "asks for a key frame each time that somebody needs one",
    rule: "FR5",
    apply: () =>
      replaceMethod(RelaySource.prototype, "askForKeyFrame", ({ participant }) => [
        { to: [participant], message: { type: "relay-key-frame" } },
      ]),
  },
  "frames-unbounded": {
    does: "passes on as many frames as come",
    rule: "FR6",
    apply: () => replaceMethod(FrameBucket.prototype, "take", () => true),
  },
  "frames-for-the-slow": {
    does: "sends frames to one who does not read",
    rule: "FR7",
    apply: () => replaceGetter(Connection.prototype, "unreadBytes", () => 0),
  },
  "viewers-who-left": {
    does: "counts viewers that have left",
    rule: "FR8",
    apply: () => replaceMethod(RoomRelay.prototype, "left", () => []),
  },
  "wish-of-anybody": {
    does: "takes a wish for the SFU where there is none",
    rule: "TO5",
    apply: () => replaceMethod(RoomMedia.prototype, "requestForwarding", () => []),
  },
};
