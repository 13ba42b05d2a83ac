/** How loud a track is, for the meter before a meeting: measured by the browser's own analyser. */
import { pageClock } from "./page_clock.ts";

/** The meter follows a voice; faster than this nobody sees. */
const PERIOD_MS = 80;
/** A voice at a usual distance fills most of the meter. */
const GAIN = 4;

/** Calls `heard` with a level from 0 to 1 until the function that it returns is called. */
export function followLevel(track: MediaStreamTrack, heard: (level: number) => void): () => void {
  const context = new AudioContext();
  const source = context.createMediaStreamSource(new MediaStream([track]));
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  let cancel = () => {};
  const look = () => {
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    heard(track.enabled ? Math.min(1, Math.sqrt(power) * GAIN) : 0);
    cancel = pageClock.after(PERIOD_MS, look);
  };
  look();
  return () => {
    cancel();
    source.disconnect();
    // It may be on its way down already; either way it is gone.
    if (context.state !== "closed") void context.close();
  };
}
