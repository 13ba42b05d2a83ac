/** Many sounds as one track, which stays the same while the sources come and go. */

/** One source of the mix. */
interface Source {
  readonly node: MediaStreamAudioSourceNode;
  readonly player: HTMLAudioElement;
}

/** The mix. */
export class SoundMix {
  readonly #context: AudioContext;
  readonly #input: DynamicsCompressorNode;
  readonly #destination: MediaStreamAudioDestinationNode;
  readonly #sources = new Map<MediaStreamTrack, Source>();

  /** Silence at first. */
  constructor(context: AudioContext) {
    this.#context = context;
    // Several voices at once add up beyond full scale: a limiter instead of a crackle.
    this.#input = new DynamicsCompressorNode(context, { threshold: -6, ratio: 20, knee: 6 });
    this.#destination = context.createMediaStreamDestination();
    this.#input.connect(this.#destination);
  }

  /** The mix as a track. */
  get track(): MediaStreamTrack {
    return this.#destination.stream.getAudioTracks()[0]!; // A destination has exactly one.
  }

  /** Where silence may be led to. */
  get output(): AudioNode {
    return this.#destination;
  }

  /** Mixes these tracks from now on; ended ones are left out. */
  follow(tracks: Iterable<MediaStreamTrack>): void {
    const wanted = new Set([...tracks].filter(({ readyState }) => readyState === "live"));
    for (const [track, source] of this.#sources) {
      if (!wanted.has(track)) this.#drop(track, source);
    }
    for (const track of wanted) {
      if (!this.#sources.has(track)) this.#sources.set(track, this.#add(track));
    }
  }

  /** Ends the mix; the tracks that it was made of go on. */
  close(): void {
    this.follow([]);
    this.track.stop();
    this.#input.disconnect();
  }

  #add(track: MediaStreamTrack): Source {
    const stream = new MediaStream([track]);
    const node = this.#context.createMediaStreamSource(stream);
    node.connect(this.#input);
    // Chromium decodes the sound of a connection only while some element plays it (crbug 40094084).
    const player = new Audio();
    player.muted = true;
    player.srcObject = stream;
    player.play().catch(() => {
      // Not allowed to play, or gone again: then the sound comes through the page's own element.
    });
    return { node, player };
  }

  #drop(track: MediaStreamTrack, { node, player }: Source): void {
    node.disconnect();
    player.srcObject = null;
    this.#sources.delete(track);
  }
}
