/**
 * A beat that goes on in a hidden tab. Timers are slowed to once a second there, animation frames
 * stop, and a worker would need a policy for its address, which the page's Content-Security-Policy
 * does not grant. The clock of the sound goes on: a silent source that ends tells the time (W3C
 * webaudio, section 1.11, `ended`).
 */

/** Calls `tick` every `periodMs` while `context` runs; returns what ends it. */
export function startTicker(
  context: AudioContext,
  { periodMs, output, tick }: {
    readonly periodMs: number;
    /** Where the silence goes: a source that leads nowhere is not played. */
    readonly output: AudioNode;
    readonly tick: () => void;
  },
): () => void {
  let source: ConstantSourceNode | undefined;
  const beat = () => {
    const next = new ConstantSourceNode(context, { offset: 0 });
    next.connect(output);
    next.onended = () => {
      next.disconnect();
      if (source !== next) return;
      beat();
      tick();
    };
    next.start();
    next.stop(context.currentTime + periodMs / 1000);
    source = next;
  };
  beat();
  return () => {
    source?.disconnect();
    source = undefined;
  };
}
