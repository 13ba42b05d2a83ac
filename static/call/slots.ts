/**
 * The four slots of one connection: which track, which bounds and which codec each sends, and what it
 * receives. The transceivers are made once; from then on a slot starts, stops and switches without
 * another negotiation (W3C webrtc-pc, RTCRtpSender.replaceTrack).
 */
import { orderCodecs } from "./codec_order.ts";
import { SerialQueue } from "./serial_queue.ts";
import { groupOf, kindOf } from "./slot_kinds.ts";
import { type LocalTracks, type Slot, type SlotEncoding, SLOTS } from "./transport.ts";

/** What is sent to everybody; a link reads it whenever it is told that it changed. */
export interface LocalMedia {
  readonly tracks: LocalTracks;
  readonly encodings: ReadonlyMap<Slot, SlotEncoding>;
  /** MIME types, most wanted first; empty: as the browser likes it. */
  readonly codecOrder: readonly string[];
}

/** What slots need. */
export interface SlotsOptions {
  readonly connection: RTCPeerConnection;
  readonly media: () => LocalMedia;
  readonly createStream: () => MediaStream;
  readonly videoCodecs: () => readonly RTCRtpCodec[];
  readonly faulted: (fault: unknown) => void;
}

/** `codec` is of W3C webrtc-extensions, and not in TypeScript's library yet. */
type Encoding = RTCRtpEncodingParameters & { codec?: RTCRtpCodec };

/** The slots of one connection. */
export class Slots {
  readonly #options: SlotsOptions;
  readonly #queue: SerialQueue;
  readonly #transceivers = new Map<Slot, RTCRtpTransceiver>();

  /** Slots of a connection that has none yet. */
  constructor(options: SlotsOptions) {
    this.#options = options;
    this.#queue = new SerialQueue(options.faulted);
  }

  /** Whether the transceivers are there. */
  get isReady(): boolean {
    return this.#transceivers.size > 0;
  }

  /** What each slot receives. */
  get remoteTracks(): LocalTracks {
    const tracks = [...this.#transceivers].map(([slot, { receiver }]) => [slot, receiver.track]);
    return Object.fromEntries(tracks) as LocalTracks; // The keys are slots.
  }

  /** The slots by the id of their m-line, as the statistics name them. */
  get byMid(): ReadonlyMap<string, Slot> {
    return new Map([...this.#transceivers].map(([slot, { mid }]) => [mid ?? "", slot]));
  }

  /** Makes the four transceivers, before the first offer. */
  makeForOffer(): void {
    const streams = this.#streams();
    for (const slot of SLOTS) {
      const transceiver = this.#options.connection.addTransceiver(kindOf(slot), {
        direction: "sendrecv",
        streams: [streams[groupOf(slot)]],
      });
      this.#transceivers.set(slot, transceiver);
    }
    this.#start();
  }

  /** Takes those of the first offer: of each kind the first one, then the second one. */
  takeFromOffer(): void {
    const streams = this.#streams();
    const free = [...this.#options.connection.getTransceivers()];
    for (const slot of SLOTS) {
      const index = free.findIndex(({ receiver }) => receiver.track.kind === kindOf(slot));
      const [transceiver] = index < 0 ? [] : free.splice(index, 1);
      if (transceiver === undefined) continue; // Another kind of client offers less.
      transceiver.direction = "sendrecv";
      transceiver.sender.setStreams(streams[groupOf(slot)]);
      this.#transceivers.set(slot, transceiver);
    }
    this.#start();
  }

  /** Sends the tracks that are to be sent now. */
  applyTracks(): void {
    for (const slot of this.#transceivers.keys()) {
      void this.#queue.run(async () => {
        const track = this.#options.media().tracks[slot] ?? null;
        const sender = this.#transceivers.get(slot)!.sender;
        if (sender.track !== track) await sender.replaceTrack(track);
      });
    }
  }

  /** Holds each slot to its bounds; to be called again when descriptions were agreed on. */
  applyEncodings(): void {
    for (const slot of this.#transceivers.keys()) {
      void this.#queue.run(() => this.#applyEncoding(slot));
    }
  }

  /** Puts the codecs in order; counts from the next description on. */
  applyCodecs(): void {
    const { codecOrder } = this.#options.media();
    const codecs = this.#options.videoCodecs();
    if (codecOrder.length === 0 || codecs.length === 0) return;
    for (const slot of ["camera", "screen"] as const) {
      this.#transceivers.get(slot)?.setCodecPreferences(orderCodecs(codecs, codecOrder));
    }
  }

  /** Ends what waits. The transceivers end with their connection. */
  close(): void {
    this.#queue.close();
  }

  #start(): void {
    this.applyCodecs();
    this.applyTracks();
  }

  #streams(): { person: MediaStream; screen: MediaStream } {
    const { createStream } = this.#options;
    return { person: createStream(), screen: createStream() };
  }

  async #applyEncoding(slot: Slot): Promise<void> {
    const { encodings, codecOrder } = this.#options.media();
    const wanted = encodings.get(slot);
    const isPicture = kindOf(slot) === "video";
    const { sender } = this.#transceivers.get(slot)!;
    // What setParameters takes is what getParameters gave in the same turn, changed.
    const parameters = sender.getParameters();
    const first: Encoding | undefined = parameters.encodings?.[0];
    if (first === undefined) return; // Nothing is agreed on yet; we are called when it is.
    const before = JSON.stringify(parameters);
    if (wanted !== undefined) {
      first.maxBitrate = wanted.maxBitrate;
      if (isPicture) {
        first.scaleResolutionDownBy = wanted.scaleResolutionDownBy;
        first.maxFramerate = wanted.maxFramerate;
        parameters.degradationPreference = wanted.degradationPreference;
      }
    }
    // The order of the descriptions is what the receiver likes; who encodes has the last word.
    const codec = isPicture ? chooseCodec(parameters.codecs, codecOrder) : undefined;
    if (codec !== undefined) first.codec = codec;
    if (JSON.stringify(parameters) !== before) await sender.setParameters(parameters);
  }
}

/** The first codec that both sides have agreed on, by our order; undefined: no order, no codecs. */
function chooseCodec(
  agreed: readonly RTCRtpCodec[],
  order: readonly string[],
): RTCRtpCodec | undefined {
  const wanted = order.map((type) => type.toLowerCase());
  const known = agreed.filter(({ mimeType }) => wanted.includes(mimeType.toLowerCase()));
  const [first] = orderCodecs(known, order);
  if (first === undefined) return undefined;
  const { mimeType, clockRate, sdpFmtpLine } = first;
  return { mimeType, clockRate, ...(sdpFmtpLine === undefined ? {} : { sdpFmtpLine }) };
}
