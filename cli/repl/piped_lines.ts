/**
 * Lines from a pipe or a file, as they come. `commands/client.ts` reads its commands from here when
 * nobody types.
 */

/** A longer line is no command; it would fill the memory. */
const MAX_LINE_LENGTH = 1_000_000;

/** The lines of `input`; the last may lack its line end. Throws RangeError for an endless line. */
export async function* readLines(input: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of input) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split(/\r?\n/);
    rest = lines.pop() ?? "";
    if (rest.length > MAX_LINE_LENGTH) {
      throw new RangeError(`Cannot read a line of more than ${MAX_LINE_LENGTH} characters`);
    }
    yield* lines;
  }
  rest += decoder.decode();
  if (rest !== "") yield rest;
}
