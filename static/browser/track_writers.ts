/** Tracks that are made of pictures and of sound, in whichever way this browser has. */
import type { Picture, PictureWriter, SoundWriter } from "../call/relay/relay_platform.ts";
import { SoundSchedule } from "../call/relay/sound_schedule.ts";

/** W3C mediacapture-transform as Chromium has it on a page; TypeScript's library knows it not. */
type TrackGenerator = new (
  init: { readonly kind: "video" },
) => MediaStreamTrack & { readonly writable: WritableStream<VideoFrame> };

/** From an AudioContext to whoever plays its track takes so much longer than from a generator. */
const LEAD_MS = 30;

/** A track of pictures. */
export function writePictures(): PictureWriter {
  const { MediaStreamTrackGenerator: Generator } = globalThis as {
    MediaStreamTrackGenerator?: TrackGenerator;
  };
  return Generator === undefined ? drawn() : generated(new Generator({ kind: "video" }));
}

/**
 * A track of sound. Not of a generator: what is scheduled in an AudioContext begins at the sample, so
 * that sound stays with its pictures, and it is the same in every browser.
 */
export function writeSound(): SoundWriter {
  const context = new AudioContext();
  const output = new MediaStreamAudioDestinationNode(context);
  const schedule = new SoundSchedule();
  const [track] = output.stream.getAudioTracks();
  if (track === undefined) throw new TypeError("Cannot play: the browser made no track of sound");
  void context.resume();
  return {
    track,
    write(value, inMs) {
      const sound = value as AudioData; // It came from decodeSound.
      const { numberOfChannels, numberOfFrames, sampleRate } = sound;
      const nowS = context.currentTime;
      const durationS = numberOfFrames / sampleRate;
      const startS = context.state === "running"
        ? schedule.place(nowS + (inMs - LEAD_MS) / 1_000, { nowS, durationS })
        // A source that is started after a click has the browser let the context run.
        : nowS;
      if (startS === undefined) return sound.close();
      const buffer = new AudioBuffer({ numberOfChannels, length: numberOfFrames, sampleRate });
      for (let planeIndex = 0; planeIndex < numberOfChannels; planeIndex++) {
        const plane = buffer.getChannelData(planeIndex);
        sound.copyTo(plane, { planeIndex, format: "f32-planar" });
      }
      sound.close();
      const source = new AudioBufferSourceNode(context, { buffer });
      source.connect(output);
      source.start(startS);
      // What was held back by the browser must not all be heard at once when it lets go.
      if (context.state !== "running") source.stop();
    },
    close() {
      track.stop();
      if (context.state !== "closed") void context.close();
    },
  };
}

function generated(
  track: MediaStreamTrack & { readonly writable: WritableStream<VideoFrame> },
): PictureWriter {
  const writer = track.writable.getWriter();
  return {
    track,
    write(picture) {
      const frame = picture as VideoFrame; // It came from decodePictures.
      writer.write(frame).catch(() => frame.close()); // Closed meanwhile.
    },
    close() {
      track.stop();
      void writer.close().catch(() => {}); // Its track has ended.
    },
  };
}

function drawn(): PictureWriter {
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { alpha: false });
  const [track] = canvas.captureStream().getVideoTracks();
  if (pen === null || track === undefined) {
    throw new TypeError("Cannot show pictures: the browser gives no canvas");
  }
  return {
    track,
    write(picture: Picture) {
      const { displayWidth: width, displayHeight: height } = picture;
      if (canvas.width !== width || canvas.height !== height) {
        Object.assign(canvas, { width, height });
      }
      pen.drawImage(picture as VideoFrame, 0, 0); // It came from decodePictures.
      picture.close();
    },
    close: () => track.stop(),
  };
}
