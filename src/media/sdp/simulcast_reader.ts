/** Reads the layers that an m-line names (RFC 8851) and their order (RFC 8853). */
import {
  badLine,
  cutAtSpace,
  type DescriptionLine,
  readNumber,
  readRid,
} from "./description_line.ts";
import type { RidOffer, Simulcast } from "./media_section.ts";

/** Layers of one direction; Chromium sends 3 at most. */
const MAX_LAYERS = 16;
const MAX_PAYLOAD_TYPE = 127;

/** The value of a=rid. Throws MediaError. */
export function readRidOffer(line: DescriptionLine, value: string): RidOffer {
  const [name, behind] = cutAtSpace(value);
  const rid = readRid(line, name);
  const [direction, restrictions] = cutAtSpace(behind);
  if (direction !== "send" && direction !== "recv") {
    throw badLine(line, "a=rid says neither send nor recv");
  }
  return { rid, direction, payloadTypes: readPayloadTypes(line, restrictions) };
}

/** The value of a=simulcast. Throws MediaError. */
export function readSimulcast(line: DescriptionLine, value: string): Simulcast {
  const simulcast: { send: string[]; recv: string[] } = { send: [], recv: [] };
  const words = value.trim().split(/ +/);
  for (let index = 0; index < words.length; index += 2) {
    const direction = words[index];
    if (direction !== "send" && direction !== "recv") {
      throw badLine(line, "a=simulcast says neither send nor recv");
    }
    if (simulcast[direction].length > 0) {
      throw badLine(line, `a=simulcast says ${direction} twice`);
    }
    simulcast[direction] = readLayers(line, words[index + 1] ?? "");
  }
  return simulcast;
}

/** Layers stand between `;`, alternatives between `,`; a `~` begins one that is paused. */
function readLayers(line: DescriptionLine, text: string): string[] {
  const layers = text.split(";");
  if (layers.length > MAX_LAYERS) throw badLine(line, `more than ${MAX_LAYERS} layers`);
  return layers.map((layer) => {
    const [first = ""] = layer.split(",");
    return readRid(line, first.startsWith("~") ? first.slice(1) : first);
  });
}

/** Of restrictions such as `pt=96,97;max-width=1280` those that concern us. */
function readPayloadTypes(line: DescriptionLine, restrictions: string): number[] {
  const list = restrictions.split(";").find((one) => one.startsWith("pt="));
  return list === undefined
    ? []
    : list.slice("pt=".length).split(",").map((text) =>
      readNumber(line, text, { max: MAX_PAYLOAD_TYPE, what: "a payload type of a=rid" })
    );
}
