/**
 * Addresses of the page of streams: which room, which of its streams alone, how large and how often.
 * What opens a room stands behind the `#`, which browsers send to nobody.
 */
import {
  FRAME_RATES,
  PICTURE_WIDTHS,
  type PictureChoice,
  type Stream,
  type StreamRights,
  USUAL_CHOICE,
} from "./streams.ts";

/** The path of the page. */
export const STREAMS_PATH = "/streams";

/** What an address asks for. */
export interface StreamsAddress {
  readonly rights: StreamRights;
  readonly choice: PictureChoice;
  /** The user id of the stream that is to be seen alone. */
  readonly only: string | undefined;
}

/** Reads an address; what it does not say is as usual. */
export function parseStreamsAddress(search: string, hash: string): StreamsAddress {
  const query = new URLSearchParams(search);
  const secrets = new URLSearchParams(hash.replace(/^#/, ""));
  const room = query.get("room") ?? "";
  const rate = FRAME_RATES.find((one) => `${one}` === query.get("fps"));
  const width = PICTURE_WIDTHS.find((one) => `${one}` === query.get("width"));
  return {
    rights: {
      room,
      passcode: secrets.get("passcode") ?? "",
      accessToken: secrets.get("access_token") ?? query.get("access_token") ?? "",
    },
    choice: {
      framesPerSecond: rate ?? USUAL_CHOICE.framesPerSecond,
      width: width ?? USUAL_CHOICE.width,
    },
    // In which room is part of whose it is.
    only: room === "" ? undefined : query.get("user") ?? undefined,
  };
}

/** The address at which one stream is seen alone. */
export function singleStreamAddress(
  { roomId, userId }: Pick<Stream, "roomId" | "userId">,
  { choice, rights: { passcode, accessToken } }: { choice: PictureChoice; rights: StreamRights },
): string {
  const query = new URLSearchParams({
    room: roomId,
    user: userId,
    fps: `${choice.framesPerSecond}`,
    width: `${choice.width}`,
  });
  const secrets = new URLSearchParams({
    ...(passcode === "" ? {} : { passcode }),
    ...(accessToken === "" ? {} : { access_token: accessToken }),
  });
  const hash = secrets.size === 0 ? "" : `#${secrets}`;
  return `${STREAMS_PATH}?${query}${hash}`;
}
