/** Several sources as one: a camera and a microphone, a pattern and a file's sound. */
import type { CodecName } from "../../../src/media/rtp/codecs.ts";
import type { FrameSource, SourceFrame } from "./frame_source.ts";

/** All of them. */
export class JoinedSource implements FrameSource {
  readonly #sources: readonly FrameSource[];

  /** Owns them from now on. */
  constructor(sources: readonly FrameSource[]) {
    this.#sources = sources;
  }

  get codecs(): readonly CodecName[] {
    return this.#sources.flatMap(({ codecs }) => codecs);
  }

  get failure(): string | undefined {
    return this.#sources.map(({ failure }) => failure).find((one) => one !== undefined);
  }

  /** See FrameSource. */
  due(at: number): SourceFrame[] {
    return this.#sources.flatMap((source) => source.due(at))
      .sort((one, other) => one.dueAt - other.dueAt);
  }

  /** See FrameSource. */
  wantKeyFrame(at: number): void {
    for (const source of this.#sources) source.wantKeyFrame(at);
  }

  /** See FrameSource. */
  async close(): Promise<void> {
    await Promise.all(this.#sources.map((source) => source.close()));
  }
}
