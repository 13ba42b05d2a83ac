/**
 * What is sent on one publisher connection: an m-line for each slot that ever had a track, made when
 * it first has one. From then on the slot starts, stops and switches by `replaceTrack`; the sizes of
 * its picture follow what is wanted.
 */
import type { PublishedMedia } from "../../../src/protocol/mod.ts";
import { orderCodecs } from "../codec_order.ts";
import { SerialQueue } from "../serial_queue.ts";
import { groupOf, isPicture, sourceOf } from "../slot_kinds.ts";
import { type LocalTracks, type Slot, type SlotEncoding, SLOTS } from "../transport.ts";
import { cameraLayers, type LayerParameters, screenLayers } from "./layers.ts";

/** Everybody decodes the first one, and it is sent in several sizes by all browsers. */
const CODECS: readonly string[] = ["video/VP8", "video/H264", "video/VP9", "video/AV1"];

/** What is to be sent. */
export interface Sending {
  readonly tracks: LocalTracks;
  readonly encodings: ReadonlyMap<Slot, SlotEncoding>;
  /** Pixels of the tallest picture that anybody wants (rule PB6). */
  readonly wanted: ReadonlyMap<Slot, number>;
}

/** What outlets need. */
export interface OutletsOptions {
  readonly connection: RTCPeerConnection;
  /** Read whenever something is applied. */
  readonly sending: () => Sending;
  readonly createStream: () => MediaStream;
  readonly videoCodecs: () => readonly RTCRtpCodec[];
  /** MIME types of pictures, most wanted first. Default: what everybody decodes comes first. */
  readonly codecs?: readonly string[] | undefined;
  readonly faulted: (fault: unknown) => void;
}

/** The slots of one publisher connection. */
export class Outlets {
  readonly #options: OutletsOptions;
  readonly #queue: SerialQueue;
  readonly #transceivers = new Map<Slot, RTCRtpTransceiver>();
  readonly #streams: Readonly<Record<"person" | "screen", MediaStream>>;

  /** Outlets of a connection that has no m-line yet. */
  constructor(options: OutletsOptions) {
    this.#options = options;
    this.#queue = new SerialQueue(options.faulted);
    this.#streams = { person: options.createStream(), screen: options.createStream() };
  }

  /** The slots that send something now. */
  get sending(): readonly Slot[] {
    return SLOTS.filter((slot) => this.#options.sending().tracks[slot] !== undefined);
  }

  /** Whether an m-line was made that no description names yet. */
  get isIncomplete(): boolean {
    return [...this.#transceivers.values()].some(({ mid }) => mid === null);
  }

  /** The m-lines that carry something now (rule PB1). */
  get media(): PublishedMedia[] {
    return this.sending.flatMap((slot) => {
      const mid = this.#transceivers.get(slot)?.mid;
      return typeof mid === "string" ? [{ mid, source: sourceOf(slot) }] : [];
    });
  }

  /** The slots by the id of their m-line. */
  get byMid(): ReadonlyMap<string, Slot> {
    return new Map([...this.#transceivers].map(([slot, { mid }]) => [mid ?? "", slot]));
  }

  /** Sends the tracks that are to be sent now; resolves when it does. */
  applyTracks(): Promise<void> {
    for (const slot of this.sending) if (!this.#transceivers.has(slot)) this.#add(slot);
    const swaps = [...this.#transceivers].map(([slot, { sender }]) =>
      this.#queue.run(async () => {
        const track = this.#options.sending().tracks[slot] ?? null;
        if (sender.track !== track) await sender.replaceTrack(track);
      })
    );
    this.applyEncodings(); // Another camera may have another height.
    return Promise.all(swaps).then(() => {});
  }

  /** Holds each slot to its bounds, and to what is wanted of it. */
  applyEncodings(): void {
    for (const slot of this.#transceivers.keys()) {
      void this.#queue.run(() => this.#applyEncoding(slot));
    }
  }

  /** Ends what waits. The transceivers end with their connection. */
  close(): void {
    this.#queue.close();
  }

  #add(slot: Slot): void {
    const { connection, sending, codecs = CODECS, videoCodecs } = this.#options;
    const layers = this.#layers(slot);
    const transceiver = connection.addTransceiver(sending().tracks[slot]!, {
      direction: "sendonly",
      streams: [this.#streams[groupOf(slot)]],
      ...(layers === undefined ? {} : { sendEncodings: layers.map((layer) => ({ ...layer })) }),
    });
    const known = videoCodecs();
    if (isPicture(slot) && known.length > 0) {
      transceiver.setCodecPreferences(orderCodecs(known, codecs));
    }
    this.#transceivers.set(slot, transceiver);
  }

  async #applyEncoding(slot: Slot): Promise<void> {
    const { sender } = this.#transceivers.get(slot)!;
    // What setParameters takes is what getParameters gave in the same turn, changed.
    const parameters = sender.getParameters();
    const before = JSON.stringify(parameters);
    const encoding = this.#options.sending().encodings.get(slot);
    const layers = this.#layers(slot) ?? [{ maxBitrate: encoding?.maxBitrate }];
    parameters.encodings?.forEach((one, index) => {
      const layer = one.rid === undefined
        ? layers[index]
        : layers.find((layer) => "rid" in layer && layer.rid === one.rid);
      Object.assign(one, definedFields(layer));
    });
    if (isPicture(slot) && encoding !== undefined) {
      parameters.degradationPreference = encoding.degradationPreference;
    }
    if (JSON.stringify(parameters) !== before) await sender.setParameters(parameters);
  }

  #layers(slot: Slot): readonly LayerParameters[] | undefined {
    const { tracks, encodings, wanted } = this.#options.sending();
    const now = {
      encoding: encodings.get(slot),
      captureHeight: tracks[slot]?.getSettings().height ?? 0,
      wantedHeight: wanted.get(slot),
    };
    if (slot === "camera") return cameraLayers(now);
    return slot === "screen" ? screenLayers(now) : undefined;
  }
}

/** The fields that say something: one that is undefined would take away what stands there. */
function definedFields(layer: object | undefined): object {
  return Object.fromEntries(Object.entries(layer ?? {}).filter(([, value]) => value !== undefined));
}
