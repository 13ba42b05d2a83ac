/** The pictures and the sound of a track, one by one, in whichever way this browser has. */
import type { Picture, Sound } from "../call/relay/relay_platform.ts";

/** W3C mediacapture-transform as Chromium has it on a page; TypeScript's library knows it not. */
type TrackProcessor = new (
  init: { readonly track: MediaStreamTrack; readonly maxBufferSize?: number },
) => { readonly readable: ReadableStream<VideoFrame | AudioData> };

/** Frames of one ScriptProcessorNode: 43 ms at 48 kHz. */
const PIECE = 2_048;
/** Longer than a camera takes for a picture, even a slow one in the dark. */
const LAST_READ_MS = 500;

/** Hands over each picture of `track`; returns what ends that. */
export function readPictures(
  track: MediaStreamTrack,
  taken: (picture: Picture) => void,
): () => void {
  const Processor = trackProcessor();
  if (Processor === undefined) return watchElement(track, taken);
  return readClone(track, Processor, (picture) => taken(picture as VideoFrame)); // Of a camera.
}

/** Hands over the sound of `tracks`, mixed; returns what ends that. */
export function readSound(
  tracks: readonly MediaStreamTrack[],
  taken: (sound: Sound) => void,
): () => void {
  const Processor = trackProcessor();
  const [first] = tracks;
  if (Processor !== undefined && first !== undefined && tracks.length === 1) {
    return readClone(first, Processor, (sound) => taken(sound as AudioData)); // Of a microphone.
  }
  return readMixed(tracks, taken);
}

function readMixed(
  tracks: readonly MediaStreamTrack[],
  taken: (sound: Sound) => void,
): () => void {
  const context = new AudioContext();
  void context.resume();
  // Deprecated, and the only one that needs no script of its own address, which browsers without the
  // processor would have to be given.
  const node = context.createScriptProcessor(PIECE, 2, 2);
  for (const track of tracks) {
    new MediaStreamAudioSourceNode(context, { mediaStream: new MediaStream([track]) })
      .connect(node);
  }
  node.onaudioprocess = ({ inputBuffer, playbackTime }) => {
    const { sampleRate, length, numberOfChannels } = inputBuffer;
    const data = new Float32Array(length * numberOfChannels);
    for (let channel = 0; channel < numberOfChannels; channel++) {
      inputBuffer.copyFromChannel(data.subarray(channel * length), channel);
    }
    const timestamp = Math.round(playbackTime * 1e6);
    taken(
      new AudioData({
        ...{ format: "f32-planar", sampleRate, numberOfFrames: length, numberOfChannels },
        ...{ timestamp, data },
      }),
    );
  };
  node.connect(context.destination); // It is silent, and runs only when it leads somewhere.
  return () => {
    node.onaudioprocess = null;
    void context.close();
  };
}

/** Reads a clone until it is ended: that can be stopped, and the original goes on. */
function readClone(
  original: MediaStreamTrack,
  Processor: TrackProcessor,
  taken: (value: VideoFrame | AudioData) => void,
): () => void {
  const own = original.clone();
  const reader = new Processor({ track: own }).readable.getReader();
  let isOver = false;
  const read = async () => {
    while (!isOver) {
      const { done, value } = await reader.read();
      if (done) return;
      // A clone is not muted with its original, and what was captured before it is must not be heard.
      const isMuted = own.enabled && !original.enabled;
      own.enabled = original.enabled;
      if (isOver || isMuted) value.close();
      else taken(value);
    }
  };
  const reading = read().catch(() => {
    // The track ended in the middle of it: there is nothing more to read.
  });
  return () => {
    isOver = true;
    // Not while a picture is on its way to the reader: Chromium would lose it unclosed, and a camera
    // whose few buffers are lost stands still. A screen at rest has none on its way.
    const timeout = setTimeout(() => own.stop(), LAST_READ_MS);
    void reading.then(() => {
      clearTimeout(timeout);
      own.stop();
    });
  };
}

function watchElement(track: MediaStreamTrack, taken: (picture: Picture) => void): () => void {
  const element = document.createElement("video");
  element.muted = true;
  element.playsInline = true;
  element.srcObject = new MediaStream([track]);
  let isOver = false;
  const look = (now: number) => {
    if (isOver) return;
    if (element.videoWidth > 0) taken(new VideoFrame(element, { timestamp: now * 1_000 }));
    element.requestVideoFrameCallback(look);
  };
  element.requestVideoFrameCallback(look);
  void element.play().catch(() => {}); // Ended before it began.
  return () => {
    isOver = true;
    element.srcObject = null;
  };
}

function trackProcessor(): TrackProcessor | undefined {
  const { MediaStreamTrackProcessor } = globalThis as {
    MediaStreamTrackProcessor?: TrackProcessor;
  };
  return MediaStreamTrackProcessor;
}
