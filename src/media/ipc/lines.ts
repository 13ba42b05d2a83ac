/**
 * Bytes to lines of text, as they come. A line that does not end is given up at a bound, so that a
 * process that writes something else than lines fills no memory.
 */

const NEWLINE = 10;

/** Each line without its end; what stands behind the last end is none. */
export async function* readLines(
  source: ReadableStream<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let parts: Uint8Array[] = [];
  let length = 0;
  for await (const bytes of source) {
    let start = 0;
    for (
      let end = bytes.indexOf(NEWLINE);
      end >= 0;
      start = end + 1, end = bytes.indexOf(NEWLINE, start)
    ) {
      length += end - start;
      if (length > maxBytes) throw tooLong(maxBytes);
      parts.push(bytes.subarray(start, end));
      yield decoder.decode(joined(parts, length));
      parts = [];
      length = 0;
    }
    length += bytes.length - start;
    if (length > maxBytes) throw tooLong(maxBytes);
    if (start < bytes.length) parts.push(bytes.subarray(start));
  }
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function tooLong(maxBytes: number): RangeError {
  return new RangeError(`Cannot read a line: it is longer than ${maxBytes} bytes`);
}
