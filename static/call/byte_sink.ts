/**
 * Where bytes that come in go to: a file on disk or a file in the browser's memory. Received files
 * and recordings write to it; `browser/save_stream.ts` makes it.
 */

/** A place for bytes, from opening to finishing or aborting. */
export interface ByteSink {
  /** Appends; resolves when the place can take more. Rejects when the disk is full, for example. */
  write(part: Uint8Array<ArrayBuffer> | Blob): Promise<void>;
  /**
   * Makes the file whole. Resolves to the file itself when it is not on disk yet and somebody has to
   * save it, and to `undefined` when it lies where the person wanted it.
   */
  finish(): Promise<Blob | undefined>;
  /** Throws away what was written. Never rejects. */
  abort(): Promise<void>;
}

/** What kind of place. */
export interface SinkOptions {
  /**
   * Whether a file that breaks off is worth having: then what was written stays when the disk fails
   * or the page crashes, half of it at least. Default false: the file appears when it is whole.
   */
  readonly keepsParts?: boolean;
}

/**
 * Asks for a place for a file of this name. Resolves to `undefined` when the person wants none after
 * all. Must be called within a click: browsers ask for a place on disk only then.
 */
export type OpenSink = (
  fileName: string,
  options?: SinkOptions,
) => Promise<ByteSink | undefined>;
