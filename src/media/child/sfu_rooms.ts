/**
 * What runs the rooms of a media process: the SFU over the native addon, or in tests something in
 * memory. `served_rooms.ts` carries its methods and events between the processes.
 */
import type { RoomId, UserId } from "../../protocol/mod.ts";
import type { MediaRoom, MediaRoomEvents, MediaRoomStats } from "../port.ts";

/** The rooms of one process. */
export interface SfuRooms {
  /** Connections to browsers that are not closed. */
  readonly connectionCount: number;
  /** Begins the media of a room. */
  open(roomId: RoomId, events: MediaRoomEvents): SfuRoomLike;
  /** Ends what the rooms share; they are closed before. */
  close(): void | Promise<void>;
}

/** A room, whose methods may answer at once. What it does not have is refused. */
export type SfuRoomLike =
  & { readonly [Name in Exclude<keyof MediaRoom, OptionalName | "stats">]: AtOnce<MediaRoom[Name]> }
  & { readonly [Name in OptionalName]?: AtOnce<MediaRoom[Name]> }
  & { stats(of?: UserId): MediaRoomStats };

type OptionalName = "startRecording" | "stopRecording" | "capture";
/** A method that may answer at once what it promises; one that says nothing may end later. */
type AtOnce<Method> = Method extends (...given: infer Given) => infer Answer
  ? (...given: Given) => Answer extends Promise<infer Value> ? Value | Promise<Value>
    : Answer extends void ? void | Promise<void>
    : Answer
  : never;
