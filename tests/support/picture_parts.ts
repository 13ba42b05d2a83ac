/** Reads pictures from a body of multipart/x-mixed-replace as they come, and checks its form. */

/** One part. */
export type PicturePart = { readonly jpeg: Uint8Array; readonly seconds: number };

/** The parts of one answer. */
export class PictureParts {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #delimiter: string;
  #bytes = new Uint8Array();

  private constructor(response: Response, boundary: string) {
    this.#reader = response.body!.getReader();
    this.#delimiter = `--${boundary}\r\n`;
  }

  /** Asks for pictures. Rejects with the answer where there are none. */
  static async open(url: string, init: RequestInit = {}): Promise<PictureParts> {
    const response = await fetch(url, init);
    const type = response.headers.get("content-type") ?? "";
    const [, boundary] = /^multipart\/x-mixed-replace; boundary=([\w-]+)$/.exec(type) ?? [];
    if (response.ok && boundary !== undefined) return new PictureParts(response, boundary);
    throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  }

  /** The next picture; `undefined` at the end. Throws where the body breaks its form. */
  async next(): Promise<PicturePart | undefined> {
    const head = await this.#until("\r\n\r\n");
    if (head === undefined) return undefined;
    const lines = head.replace(this.#delimiter, "").split("\r\n");
    const field = (name: string) =>
      lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
    const length = Number(field("Content-Length"));
    const tail = `\r\n${this.#delimiter}`;
    if (field("Content-Type") !== "image/jpeg" || !(length > 0)) {
      throw new Error(`Bad part: ${head}`);
    }
    if (!await this.#fill(length + tail.length)) throw new Error("The body ends within a part");
    const jpeg = this.#bytes.slice(0, length);
    const end = new TextDecoder().decode(this.#bytes.subarray(length, length + tail.length));
    if (end !== tail) throw new Error(`Behind a part comes ${JSON.stringify(end)}`);
    this.#bytes = this.#bytes.subarray(length + tail.length);
    return { jpeg, seconds: Number(field("X-Timestamp")) };
  }

  /** Goes away. */
  close(): Promise<void> {
    return this.#reader.cancel();
  }

  async #until(mark: string): Promise<string | undefined> {
    for (;;) {
      const text = new TextDecoder("latin1").decode(this.#bytes.subarray(0, 1_000));
      const at = text.indexOf(mark);
      if (at >= 0) {
        this.#bytes = this.#bytes.subarray(at + mark.length);
        return text.slice(0, at);
      }
      if (!await this.#fill(this.#bytes.length + 1)) return undefined;
    }
  }

  async #fill(length: number): Promise<boolean> {
    while (this.#bytes.length < length) {
      const { value, done } = await this.#reader.read();
      if (done) return false;
      const both = new Uint8Array(this.#bytes.length + value.length);
      both.set(this.#bytes);
      both.set(value, this.#bytes.length);
      this.#bytes = both;
    }
    return true;
  }
}
