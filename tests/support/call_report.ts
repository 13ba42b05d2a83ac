/** What the harness of a call answers (`tests/static/support/call_harness.ts`), for both sides of the browser. */

/** What one participant has received from another one. */
export interface Received {
  readonly userId: string;
  readonly state: string;
  readonly cameraFrames: number;
  readonly cameraWidth: number;
  readonly cameraCodec: string;
  readonly screenFrames: number;
  readonly screenWidth: number;
  /** The sum over all samples; silence adds nothing. */
  readonly audioEnergy: number;
  readonly path: string;
  /** Of the camera's packets since the last report, 0 to 1. */
  readonly loss: number;
  readonly kbpsDown: number;
  readonly roundTripMs: number;
}
