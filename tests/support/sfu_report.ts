/** What a tab of `sfu_tab.ts` measures and is told to publish; the harness in the tab shares it. */

/** How a camera is published. */
export type PublishedVideo = {
  /** As MIME types name it: `VP8`. */
  readonly codec: string;
  readonly layers: "one" | "simulcast" | "svc";
  readonly width: number;
  readonly height: number;
};

/** A track that is received. */
export type ReceivedTrack = {
  readonly userId: string;
  readonly source: string;
  readonly codec: string;
  readonly packets: number;
  readonly lost: number;
  /** Decoded so far. */
  readonly frames: number;
  readonly height: number;
  readonly freezes: number;
  readonly freezeMs: number;
  /** Of sound, so far. */
  readonly energy: number;
  /** The part of the samples that were made up. */
  readonly concealed: number;
  /** From the join of the one who receives to the first picture; 0: none came. */
  readonly firstPictureMs: number;
};

/** What a tab knows. */
export type SfuReport = {
  readonly received: readonly ReceivedTrack[];
  /** Of the publisher and the subscriber connection. */
  readonly states: readonly (string | undefined)[];
  /** The types of all messages so far. */
  readonly heard: readonly string[];
};
