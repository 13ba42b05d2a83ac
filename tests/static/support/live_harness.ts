/**
 * A broadcaster or a viewer of a live room in a blank tab: the session and the live call of the page,
 * a picture that flashes while a beep is heard, and what is seen and heard of it.
 * `tests/support/live_tab.ts` drives it.
 */
import type { MediaPath, Role, RoomId, ServerMessage } from "../../../src/protocol/mod.ts";
import { createLiveCall } from "../../../static/browser/live_call.ts";
import { pageClock } from "../../../static/browser/page_clock.ts";
import { connectWebSocket } from "../../../static/browser/web_socket.ts";
import type { LiveCall } from "../../../static/call/live/live_call.ts";
import type { LocalTracks } from "../../../static/call/transport.ts";
import { toIceServers } from "../../../static/state/ice_servers.ts";
import { parseRoomId, parseUserId } from "../../../static/state/ids.ts";
import { Session } from "../../../static/state/session.ts";
import { StatsReport } from "../../../static/state/stats_report.ts";
import type { FlashReport, LiveReport } from "../../support/live_report.ts";

/** A flash and its beep come this often, and last so long. */
const FLASH_PERIOD_MS = 1_000;
const FLASH_MS = 200;
/** The analyser is asked this often; it remembers seven times as long, for a page that is late. */
const LISTEN_MS = 100;
/** So many samples of silence before a beep, and no other beep so soon after one. */
const SILENCE = 480;
const BEEPS_APART_MS = 500;

/**
 * The picture is drawn into its track and the flash is looked for in the track that is shown: what a
 * busy machine makes of it on the screen is not what is measured.
 */
const { MediaStreamTrackProcessor: Processor, MediaStreamTrackGenerator: Generator } =
  globalThis as unknown as {
    MediaStreamTrackProcessor: new (
      init: { track: MediaStreamTrack },
    ) => { readable: ReadableStream<VideoFrame> };
    MediaStreamTrackGenerator: new (
      init: { kind: "video" },
    ) => MediaStreamTrack & { writable: WritableStream<VideoFrame> };
  };

const video = document.createElement("video");
const others = new Set<string>();
const faults: string[] = [];
const flashes: { seen: number[]; heard: number[] } = { seen: [], heard: [] };
let session: Session;
let call: LiveCall | undefined;
let tracks: LocalTracks = {};
let iceServers: RTCIceServer[] = [];
let summary: unknown;
let shown = 0;
let shownAt = 0;
let joinedAt = 0;
let firstPictureMs: number | undefined;
let longestGapMs = 0;
let heardAt = -Infinity;
let stopListening = () => {};
let stopWatching = () => {};

const harness = {
  /** Joins; a broadcaster shows its picture at once. */
  async join(room: string, user: string, role: Role, forced?: MediaPath): Promise<void> {
    const roomId = parseRoomId(room)!;
    if (role === "broadcaster") tracks = await paint();
    const stats = new StatsReport(() => pageClock.elapsed(), (message) => session.send(message));
    session = new Session({
      clock: pageClock,
      connect: connectWebSocket,
      random: Math.random,
      pingPeriodMs: 5_000,
      handler: {
        changed: () => {},
        logged: () => {},
        measured: () => {},
        refused: ({ code, message }) => faults.push(`${code}: ${message}`),
        received: (message) => take(message, { roomId, role, forced }),
        receivedFrame: (frame) => call?.receiveFrame(frame),
      },
    });
    joinedAt = performance.now();
    session.join({ roomId, userId: parseUserId(user)!, role, sfu: true, relay: true });
    const report = async () => {
      const reports = await call?.measure();
      const { rung: path, pathMs } = call ?? {};
      if (reports !== undefined) stats.measured([...reports.values()], undefined, { path, pathMs });
      pageClock.after(1_000, () => void report());
    };
    void report();
  },

  /** Leaves, and ends everything. */
  leave(): void {
    session.leave();
    session.disconnect();
    call?.close();
    stopWatching();
    stopListening();
  },

  /** How it fares. */
  async report(): Promise<LiveReport> {
    const reports = await call?.measure();
    const progress = await call?.progress();
    const [report] = [...reports?.values() ?? []];
    const [came] = [...progress?.values() ?? []];
    const camera = report?.received.find(({ slot }) => slot === "camera");
    const gapMs = Math.max(longestGapMs, shown > 0 ? performance.now() - shownAt : 0);
    return {
      rung: call?.rung,
      why: call?.why,
      pathMs: call?.pathMs ?? {},
      topology: call?.topology ?? "",
      path: report?.path ?? "",
      frames: camera?.frames ?? 0,
      kbpsDown: report?.kbpsDown ?? 0,
      height: camera?.height ?? 0,
      shown,
      firstPictureMs,
      longestGapMs: Math.round(gapMs),
      packets: came?.microphone ?? 0,
      relayed: call?.relayed,
      bufferedBytes: session.bufferedAmount,
      summary,
      faults,
    };
  },

  /** When flashes were seen and beeps heard since the last time that this was asked. */
  flashes(): FlashReport {
    const { seen, heard } = flashes;
    return { seen: seen.splice(0), heard: heard.splice(0) };
  },

  /** Mutes the broadcaster's microphone, or not any more. */
  mute(isMuted: boolean): void {
    tracks.microphone!.enabled = !isMuted;
  },

  /** Forgets what was measured of the gaps between pictures. */
  forgetGaps(): void {
    longestGapMs = 0;
  },

  /** As a browser says it when the machine has another network. */
  networkChanged: (): void => call?.networkChanged(),
};

function take(
  message: ServerMessage,
  { roomId, role, forced }: { roomId: RoomId; role: Role; forced: MediaPath | undefined },
): void {
  switch (message.type) {
    case "welcome":
      iceServers = toIceServers(message.iceServers);
      break;
    case "joined":
      call = createLiveCall({
        selfId: message.userId,
        topology: message.room.topology === "sfu" ? "sfu" : "mesh",
        iceServers,
        send: (message) => session.send(message),
        events: { changed: play, channelOpened: (_from, channel) => channel.close() },
      }, { roomId, role, forced, frames: session, faulted: (fault) => faults.push(`${fault}`) });
      call.setTracks(tracks);
      for (const userId of message.users) others.add(userId);
      if (role === "broadcaster") session.send({ type: "state", audio: true, video: true });
      break;
    case "user-joined":
      others.add(message.userId);
      break;
    case "user-left":
      others.delete(message.userId);
      break;
    case "stats-summary":
      summary = message;
      break;
    case "error":
      faults.push(`${message.code}: ${message.message}`);
      break;
    default: // The call takes what it knows.
  }
  call?.receive(message);
  call?.setOthers([...others].map((userId) => parseUserId(userId)!));
}

/** What is shown and heard is what the call says, whenever it says another thing. */
function play(): void {
  const [remote] = [...call?.remotes.values() ?? []];
  const { camera, microphone } = remote?.tracks ?? {};
  const playing = (video.srcObject as MediaStream | null)?.getTracks() ?? [];
  const wanted = [camera, microphone].filter((track) => track !== undefined);
  if (wanted.length === playing.length && wanted.every((track) => playing.includes(track))) return;
  video.srcObject = new MediaStream(wanted);
  void video.play().catch(() => {}); // Another track has taken its place meanwhile.
  stopWatching();
  if (camera !== undefined) stopWatching = watch(camera);
  stopListening();
  if (microphone !== undefined) stopListening = listen(microphone);
}

/** Counts the pictures that are shown. */
function look(): void {
  const see = (now: number) => {
    if (shown > 0) longestGapMs = Math.max(longestGapMs, now - shownAt);
    shown += 1;
    shownAt = now;
    firstPictureMs ??= performance.now() - joinedAt;
    video.requestVideoFrameCallback(see);
  };
  video.requestVideoFrameCallback(see);
}

/** Sees each flash; returns what ends that. */
function watch(track: MediaStreamTrack): () => void {
  const pen = new OffscreenCanvas(4, 4).getContext("2d", { willReadFrequently: true })!;
  const own = track.clone();
  const reader = new Processor({ track: own }).readable.getReader();
  const see = async () => {
    for (let wasBright = false;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const at = performance.now();
      pen.drawImage(value, 0, 0, 4, 4);
      value.close();
      const { data } = pen.getImageData(0, 0, 4, 4);
      const isBright = data[0]! > 200 && data[1]! > 200 && data[2]! > 200;
      if (isBright && !wasBright) flashes.seen.push(at);
      wasBright = isBright;
    }
  };
  void see();
  return () => own.stop();
}

/** Hears each beep; returns what ends that. */
function listen(track: MediaStreamTrack): () => void {
  const context = new AudioContext();
  const ear = new AnalyserNode(context, { fftSize: 32_768 });
  new MediaStreamAudioSourceNode(context, { mediaStream: new MediaStream([track]) }).connect(ear);
  const samples = new Float32Array(ear.fftSize);
  let isOver = false;
  const hear = () => {
    if (isOver) return;
    ear.getFloatTimeDomainData(samples);
    const now = performance.now();
    for (const begin of beepsIn(samples)) {
      const at = now - (samples.length - begin) / context.sampleRate * 1_000;
      if (at - heardAt < BEEPS_APART_MS) continue;
      flashes.heard.push(at);
      heardAt = at;
    }
    pageClock.after(LISTEN_MS, hear);
  };
  hear();
  return () => {
    if (!isOver) void context.close();
    isOver = true;
  };
}

/** Where sound begins after a silence. */
function beepsIn(samples: Float32Array): number[] {
  const begins: number[] = [];
  let silence = 0;
  samples.forEach((sample, index) => {
    const isLoud = Math.abs(sample) > 0.1;
    if (isLoud && silence >= SILENCE) begins.push(index);
    silence = isLoud ? 0 : silence + 1;
  });
  return begins;
}

/** A picture that never stands still, and flashes once a second while a beep is heard. */
async function paint(): Promise<LocalTracks> {
  const canvas = new OffscreenCanvas(640, 360);
  const camera = new Generator({ kind: "video" });
  const writer = camera.writable.getWriter();
  const pen = canvas.getContext("2d")!;
  const context = new AudioContext();
  const gain = new GainNode(context, { gain: 0 });
  const output = new MediaStreamAudioDestinationNode(context);
  const tone = new OscillatorNode(context, { frequency: 1_000 });
  tone.connect(gain).connect(output);
  tone.start();
  await context.resume();
  let turn = 0;
  const draw = () => {
    const isFlash = performance.now() % FLASH_PERIOD_MS < FLASH_MS;
    gain.gain.value = isFlash ? 0.5 : 0;
    pen.fillStyle = isFlash ? "white" : `hsl(${turn += 7} 80% 30%)`;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.fillStyle = "red";
    pen.fillRect(turn % canvas.width, 300, 40, 40);
    void writer.write(new VideoFrame(canvas, { timestamp: performance.now() * 1_000 }));
    pageClock.after(30, draw);
  };
  draw();
  const [microphone] = output.stream.getAudioTracks();
  return { camera, microphone: microphone! };
}

document.body.append(video);
video.playsInline = true;
look();
Object.assign(globalThis, { harness });
