/**
 * A client of the media server in a blank tab: as little as speaks the wire (rules PB1, SB1), so that
 * what a test sees is the server's doing and not the page's. `tests/support/sfu_tab.ts` drives it.
 */
import type { ServerMessage, ServerMessageOf } from "../../../src/protocol/mod.ts";
import type { SubscribedMedia, TrackSource } from "../../../src/protocol/mod.ts";
import type { PublishedVideo, ReceivedTrack, SfuReport } from "../../support/sfu_report.ts";

/** What an m-line of the subscriber connection carried first, and when. */
type Arrival = { readonly at: number; readonly element: HTMLMediaElement };

/** `scalabilityMode` is of W3C webrtc-svc, which the types of the browser do not know yet. */
const KINDS: Record<string, (RTCRtpEncodingParameters & { scalabilityMode?: string })[]> = {
  one: [{ maxBitrate: 1_500_000 }],
  simulcast: [
    { rid: "l", scaleResolutionDownBy: 4, maxBitrate: 150_000 },
    { rid: "m", scaleResolutionDownBy: 2, maxBitrate: 500_000 },
    { rid: "h", maxBitrate: 1_500_000 },
  ],
  svc: [{ scalabilityMode: "L3T3_KEY", maxBitrate: 1_500_000 }],
};

let socket: WebSocket | undefined;
let publisher: RTCPeerConnection | undefined;
let subscriber: RTCPeerConnection | undefined;
let subscriberNumber = -1;
let stream: MediaStream | undefined;
let tracks: readonly SubscribedMedia[] = [];
let queue = Promise.resolve();
let published: { mid: string; source: TrackSource }[] = [];
const waiting = new Map<number, (message: ServerMessage) => void>();
const heard: string[] = [];
const firstPictures = new Map<string, number>();
const arrivals = new Map<string, Arrival>();
let requests = 0;
let show = () => {};
let joinedAt = 0;
/** What `publish` was asked for, to do the same again when the connection is lost. */
let last: PublishedVideo | undefined;

const harness = {
  /** Joins a room; resolves when the server has answered. */
  async join(roomId: string, userId: string): Promise<void> {
    joinedAt = performance.now();
    const opened = new WebSocket(`ws://${location.host}/ws`);
    socket = opened;
    opened.onmessage = ({ data }) => take(JSON.parse(data) as ServerMessage);
    await new Promise((resolve) => opened.onopen = resolve);
    await request({ type: "join", roomId, userId, sfu: true });
  },

  /** From now on a black picture and silence are published, until {@linkcode harness.show}. */
  async blackout({ width, height }: { width: number; height: number }): Promise<void> {
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width, height });
    document.body.append(canvas);
    const pen = canvas.getContext("2d")!;
    const sound = new AudioContext();
    const gain = new GainNode(sound, { gain: 0 });
    const tone = new OscillatorNode(sound, { frequency: 1_000 });
    const destination = new MediaStreamAudioDestinationNode(sound);
    tone.connect(gain).connect(destination);
    tone.start();
    await sound.resume();
    stream = new MediaStream([
      ...destination.stream.getTracks(),
      ...canvas.captureStream(30).getTracks(),
    ]);
    let colour = "black";
    const draw = () => {
      pen.fillStyle = colour;
      pen.fillRect(0, 0, width, height);
      requestAnimationFrame(draw);
    };
    draw();
    show = () => {
      colour = "white";
      gain.gain.value = 0.5;
    };
  },

  /** A flash and a beep of one moment, which last. */
  show(): void {
    show();
  },

  /** Publishes a microphone and, where `video` says how, a camera. */
  async publish(video: PublishedVideo | undefined): Promise<void> {
    last = video;
    stream ??= await navigator.mediaDevices.getUserMedia({
      audio: true,
      video: video === undefined ? false : { width: video.width, height: video.height },
    });
    publisher?.close();
    const connection = publisher = new RTCPeerConnection();
    const [sound] = stream.getAudioTracks();
    const [picture] = stream.getVideoTracks();
    connection.addTransceiver(sound!, { direction: "sendonly", streams: [stream] });
    if (video !== undefined) {
      const transceiver = connection.addTransceiver(picture!, {
        direction: "sendonly",
        streams: [stream],
        sendEncodings: KINDS[video.layers]!,
      });
      transceiver.setCodecPreferences(codecsNamed(video.codec));
    }
    await connection.setLocalDescription();
    published = connection.getTransceivers().map(({ mid }, index) => ({
      mid: mid!,
      source: index === 0 ? "microphone" : "camera",
    }));
    const description = connection.localDescription!;
    const answer = await request({ type: "publish", description, tracks: published });
    const { sdp } = (answer as ServerMessageOf<"published">).description;
    await connection.setRemoteDescription({ type: "answer", sdp });
  },

  /** Says how a track of somebody is wanted (rule SB3). */
  async subscribe(
    userId: string,
    source: TrackSource,
    wish: { maxHeight?: number; paused?: boolean },
  ): Promise<void> {
    const track = tracks.find((one) => one.userId === userId && one.source === source);
    await request({ type: "subscribe", trackId: track!.trackId, ...wish });
  },

  /** Leaves, and ends both connections. */
  async leave(): Promise<void> {
    await request({ type: "leave" });
    socket?.close();
    publisher?.close();
    subscriber?.close();
    for (const { element } of arrivals.values()) element.remove();
    arrivals.clear();
    firstPictures.clear();
    publisher = subscriber = undefined;
    subscriberNumber = -1;
    tracks = [];
  },

  /** What is measured now. */
  async report(): Promise<SfuReport> {
    const received: ReceivedTrack[] = [];
    for (const { mid, userId, source } of tracks) {
      const transceiver = subscriber?.getTransceivers().find((one) => one.mid === mid);
      const stats = await transceiver?.receiver.getStats();
      const all = [
        ...(stats as ReadonlyMap<string, Record<string, never>> | undefined)?.values() ?? [],
      ];
      const inbound = all.find(({ type }) => type === "inbound-rtp");
      if (inbound === undefined) continue;
      const codec = all.find(({ id }) => id === inbound.codecId);
      const count = (name: string) => Number(inbound[name] ?? 0);
      received.push({
        userId,
        source,
        codec: `${codec?.mimeType ?? ""}`.split("/")[1] ?? "",
        packets: count("packetsReceived"),
        lost: count("packetsLost"),
        frames: count("framesDecoded"),
        height: count("frameHeight"),
        freezes: count("freezeCount"),
        freezeMs: count("totalFreezesDuration") * 1_000,
        energy: count("totalAudioEnergy"),
        concealed: count("concealedSamples") / Math.max(1, count("totalSamplesReceived")),
        firstPictureMs: firstPictures.get(userId) ?? 0,
      });
    }
    return { received, states: [publisher, subscriber].map((one) => one?.connectionState), heard };
  },
};

/** Each layer that is sent, as the browser sees it; for tests of what nobody wants. */
function take(message: ServerMessage): void {
  if (message.requestId !== undefined) {
    waiting.get(Number(message.requestId))?.(message);
    waiting.delete(Number(message.requestId));
  }
  heard.push(message.type);
  switch (message.type) {
    case "subscription-offer":
      queue = queue.then(() => answer(message)).catch(reportError);
      return;
    case "subscription-updated":
      ({ tracks } = message);
      return;
    case "wanted-layers":
      void want(message);
      return;
    case "media-lost":
      if (message.channel === "publisher" && published.length > 0) void harness.publish(last);
      return;
    default: // The others are not its business.
  }
}

async function answer(offer: ServerMessageOf<"subscription-offer">): Promise<void> {
  if (offer.connection !== subscriberNumber) {
    subscriber?.close();
    subscriber = createSubscriber();
    subscriberNumber = offer.connection;
  }
  ({ tracks } = offer);
  await subscriber!.setRemoteDescription(offer.description);
  await subscriber!.setLocalDescription();
  await request({
    type: "subscription-answer",
    connection: offer.connection,
    description: subscriber!.localDescription!,
  });
}

function createSubscriber(): RTCPeerConnection {
  const connection = new RTCPeerConnection();
  connection.ontrack = ({ track, transceiver }) => {
    const element = document.createElement(track.kind === "video" ? "video" : "audio");
    element.autoplay = true;
    element.srcObject = new MediaStream([track]);
    document.body.append(element);
    arrivals.set(transceiver.mid!, { at: performance.now(), element });
    if (element instanceof HTMLVideoElement) {
      element.muted = true;
      element.requestVideoFrameCallback(() => {
        const of = tracks.find(({ mid }) => mid === transceiver.mid);
        if (of !== undefined) firstPictures.set(of.userId, performance.now() - joinedAt);
      });
    }
  };
  return connection;
}

/** Sends the layers that somebody wants, and no others (rule PB6). */
async function want({ maxHeight }: ServerMessageOf<"wanted-layers">): Promise<void> {
  const sender = publisher?.getSenders().find(({ track }) => track?.kind === "video");
  const height = sender?.track?.getSettings().height ?? 0;
  if (sender === undefined) return;
  const parameters = sender.getParameters();
  const heights = parameters.encodings.map(({ scaleResolutionDownBy = 1 }) =>
    height / scaleResolutionDownBy
  );
  parameters.encodings.forEach((encoding, index) => {
    // The smallest one that is tall enough, and all below it.
    encoding.active = maxHeight > 0 &&
      heights.every((other, n) => n === index || other < maxHeight || other >= heights[index]!);
  });
  await sender.setParameters(parameters);
}

function codecsNamed(name: string): RTCRtpCodec[] {
  const { codecs } = RTCRtpReceiver.getCapabilities("video")!;
  return codecs.filter(({ mimeType }) => mimeType === `video/${name}` || mimeType === "video/rtx");
}

function request(message: Record<string, unknown>): Promise<ServerMessage> {
  const requestId = ++requests;
  return new Promise((resolve, reject) => {
    waiting.set(requestId, (reply) => {
      if (reply.type !== "error") return resolve(reply);
      reject(new Error(`${message.type}: ${reply.code}: ${reply.message}`));
    });
    socket!.send(JSON.stringify({ ...message, requestId }));
  });
}

(globalThis as { harness?: unknown }).harness = harness;
