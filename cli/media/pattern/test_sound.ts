/**
 * The sound of the test pattern, without an encoder: a beep of 1 kHz, 0.2 s long, that libopus has
 * encoded once (one channel, CELT alone), and between beeps the packet that stands for silence.
 */

/** Of each packet. */
export const SOUND_PACKET_MS = 20;

/** RFC 6716: CELT, 20 ms, one channel, and a frame that says that nothing is heard. */
const SILENCE = Uint8Array.from([0xf8, 0xff, 0xfe]);
const BEEP = [
  "+J/yGqTSngm1N8p2Uz5ajP+bEGI61nGf+lS/7I9sHZzXlR2inuLi0Q==",
  "+J04kCrpzN0rv5gvHBXL2uqeuQYB1J2uPqZD1z3nYlVrEoMLO5aB0Q==",
  "+LJBaeMNFEkUXjjjvL6RCW4Zm/IFeRPBHegnv7G4dVaw7GM04shnoQ==",
  "+P50pdMEUWWt/b8u5pLrzWvZQIPQGrmjUJ339jcKqiQ6x9MuX449kQ==",
  "+NPKalY+MTAgApt5Mp6x3ulNQVq5IgoGlB339jcOqokOxjTLl4TPEQ==",
  "+NPKUH5TZlXgX79Y9odDeMbHJ+ObiGz7FCd9/Y3CqokOxjTLliOPEQ==",
  "+NPKalYhXgaiauzj8VHh8ufySNhYa/g/yB339jcOqokOxjTLliTPEQ==",
  "+NPKUH8EUWWt/b8u5pLrzWIS0u1S6QhyTJ339jcOqokOxjTLl8OPEQ==",
  "+NPKalYhXgaiavHa6SvsWmigXgMev8ZKHCd9/Y3CqokOxjTLliTPEQ==",
  "+KorElely0TOgWucWS835EsHDbFMxJU6F6EoFe5RHkAljEYYbx/G0Q==",
  "+H3AIcVAuJEXF/iiZ803T3UHtZZzzk5GBRYgACaoOgRAP5SsDyql7g==",
].map((text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)));

/** Packet `number` of a sound that beeps with every `period`th one. */
export function testSound(number: number, period: number): Uint8Array {
  return BEEP[number % period] ?? SILENCE;
}
