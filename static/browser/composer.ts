/**
 * Everybody in one picture and one sound: what a recording is made of. The canvas and the mix stay the
 * same while participants come and go, change their devices or share a screen; the signal of
 * participants is read at every picture.
 */
import type { ReadonlySignal } from "@preact/signals";
import { contain, cover, layOutPicture, type Rect } from "../state/picture_layout.ts";
import { SANS_FONT } from "../tokens.ts";
import { startTicker } from "./audio_ticker.ts";
import { SoundMix } from "./sound_mix.ts";

/** A participant as a recording needs it; a track that is off is left out. */
export interface RecordedParticipant {
  readonly userId: string;
  readonly name: string;
  readonly isSelf: boolean;
  readonly video?: MediaStreamTrack | undefined;
  readonly audio?: MediaStreamTrack | undefined;
  readonly screen?: MediaStreamTrack | undefined;
  readonly screenSound?: MediaStreamTrack | undefined;
}

/** How the picture is made. */
export interface ComposerOptions {
  /** Default 1280 x 720. */
  readonly size?: { readonly width: number; readonly height: number };
  /** Default 25. */
  readonly framesPerSecond?: number;
}

/** The colours of the picture, which has no theme. */
const COLORS = { ground: "#0d1115", tile: "#1d242c", label: "rgb(0 0 0/.6)", text: "#ffffff" };

/** The picture and the sound of everybody. */
export class Composer {
  /** One track of each kind. */
  readonly stream: MediaStream;

  readonly #participants: ReadonlySignal<readonly RecordedParticipant[]>;
  readonly #canvas = document.createElement("canvas");
  readonly #pen: CanvasRenderingContext2D;
  readonly #context = new AudioContext();
  readonly #mix = new SoundMix(this.#context);
  readonly #players = new Map<MediaStreamTrack, HTMLVideoElement>();
  /** What was drawn last in each place that has a track: it stays until the next track shows something. */
  readonly #drawn = new Map<string, HTMLVideoElement>();
  readonly #stopTicker: () => void;

  /** Begins at once. Call it within a click, or after one: sound needs it. */
  constructor(
    participants: ReadonlySignal<readonly RecordedParticipant[]>,
    { size = { width: 1280, height: 720 }, framesPerSecond = 25 }: ComposerOptions = {},
  ) {
    this.#participants = participants;
    Object.assign(this.#canvas, size);
    const pen = this.#canvas.getContext("2d", { alpha: false });
    if (pen === null) throw new TypeError("Cannot draw: the browser gives no 2d context");
    this.#pen = pen;
    this.#draw();
    // Without a rate each change of the canvas is a picture; a rate would be a timer, and those are
    // slowed in a hidden tab.
    const picture = this.#canvas.captureStream();
    this.stream = new MediaStream([...picture.getVideoTracks(), this.#mix.track]);
    this.#stopTicker = startTicker(this.#context, {
      periodMs: 1000 / framesPerSecond,
      output: this.#mix.output,
      tick: () => this.#draw(),
    });
    // A telephone call, or the lid of a laptop, suspends it.
    this.#context.onstatechange = () => {
      if (this.#context.state !== "closed") void this.#context.resume();
    };
    void this.#context.resume();
  }

  /** Ends picture and sound; the participants' tracks go on. Idempotent. */
  close(): void {
    if (this.#context.state === "closed") return;
    this.#stopTicker();
    this.#context.onstatechange = null;
    this.#mix.close();
    for (const track of this.stream.getTracks()) track.stop();
    for (const player of this.#players.values()) player.srcObject = null;
    this.#players.clear();
    this.#drawn.clear();
    void this.#context.close();
  }

  #draw(): void {
    const participants = this.#participants.peek();
    this.#follow(participants);
    const { width, height } = this.#canvas;
    const screens = participants.filter(({ screen }) => screen !== undefined);
    const places = layOutPicture({ screens: screens.length, faces: participants.length }, {
      width,
      height,
    });
    this.#pen.fillStyle = COLORS.ground;
    this.#pen.fillRect(0, 0, width, height);
    for (const [index, { userId, name, screen }] of screens.entries()) {
      const player = this.#playerOf(`screen ${userId}`, screen);
      this.#drawTile(places.screens[index]!, { name, player, isWhole: true });
    }
    for (const [index, { userId, name, video }] of participants.entries()) {
      const player = this.#playerOf(`face ${userId}`, video);
      this.#drawTile(places.faces[index]!, { name, player, isWhole: false });
    }
  }

  /** Players and mix for the tracks that there are now. */
  #follow(participants: readonly RecordedParticipant[]): void {
    const pictures = new Set(
      participants.flatMap(({ video, screen }) => [video, screen]).filter(isLive),
    );
    const places = new Set(participants.flatMap(({ userId, video, screen }) => [
      ...(video === undefined ? [] : [`face ${userId}`]),
      ...(screen === undefined ? [] : [`screen ${userId}`]),
    ]));
    for (const place of this.#drawn.keys()) if (!places.has(place)) this.#drawn.delete(place);
    const drawn = new Set(this.#drawn.values());
    for (const [track, player] of this.#players) {
      if (pictures.has(track) || drawn.has(player)) continue;
      player.srcObject = null;
      this.#players.delete(track);
    }
    for (const track of pictures) {
      if (!this.#players.has(track)) this.#players.set(track, play(track));
    }
    this.#mix.follow(
      participants.flatMap(({ audio, screenSound }) => [audio, screenSound]).filter(isLive),
    );
  }

  /** The element that shows what is in this place now. */
  #playerOf(place: string, track: MediaStreamTrack | undefined): HTMLVideoElement | undefined {
    const player = track && this.#players.get(track);
    if (player === undefined) this.#drawn.delete(place);
    else if (player.videoWidth > 0) this.#drawn.set(place, player);
    return this.#drawn.get(place);
  }

  #drawTile(
    place: Rect,
    { name, player, isWhole }: {
      readonly name: string;
      readonly player: HTMLVideoElement | undefined;
      /** A screen is shown to its edges, a face fills its tile. */
      readonly isWhole: boolean;
    },
  ): void {
    const pen = this.#pen;
    pen.fillStyle = COLORS.tile;
    pen.fillRect(place.x, place.y, place.width, place.height);
    if (player === undefined) {
      this.#drawInitial(place, name);
    } else {
      const source = { width: player.videoWidth, height: player.videoHeight };
      const from = isWhole ? { x: 0, y: 0, ...source } : cover(source, place);
      const to = isWhole ? contain(source, place) : place;
      pen.drawImage(
        player,
        ...([from.x, from.y, from.width, from.height] as const),
        ...([to.x, to.y, to.width, to.height] as const),
      );
    }
    this.#drawName(place, name);
  }

  #drawInitial(place: Rect, name: string): void {
    const pen = this.#pen;
    const [first] = new Intl.Segmenter().segment(name.trim());
    pen.fillStyle = COLORS.text;
    pen.font = `600 ${Math.round(place.height / 3)}px ${SANS_FONT}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    const initial = first?.segment.toUpperCase() ?? "?";
    pen.fillText(initial, place.x + place.width / 2, place.y + place.height / 2);
  }

  #drawName(place: Rect, name: string): void {
    const pen = this.#pen;
    const size = Math.max(11, Math.min(18, Math.round(place.height / 14)));
    const height = Math.round(size * 1.7);
    pen.font = `500 ${size}px ${SANS_FONT}`;
    const most = place.width - 2 * size;
    const width = Math.min(most, pen.measureText(name).width);
    pen.fillStyle = COLORS.label;
    pen.fillRect(place.x, place.y + place.height - height, width + size, height);
    pen.fillStyle = COLORS.text;
    pen.textAlign = "left";
    pen.textBaseline = "middle";
    // A name that is too long is squeezed rather than cut: it stays the name.
    pen.fillText(name, place.x + size / 2, place.y + place.height - height / 2, most);
  }
}

function isLive(track: MediaStreamTrack | undefined): track is MediaStreamTrack {
  return track?.readyState === "live";
}

/** An element that decodes the track; it is never in the document. */
function play(track: MediaStreamTrack): HTMLVideoElement {
  const player = document.createElement("video");
  player.muted = true;
  player.playsInline = true;
  player.srcObject = new MediaStream([track]);
  player.play().catch(() => {
    // The track ended meanwhile; the initial stands there instead.
  });
  return player;
}
