/** What we send into an m-line, as a browser tells it apart: stream, track and sources. */

/** An m-line that we send into. */
export type SentSection = {
  readonly mid: string;
  readonly ssrc: number;
  /** Of the repair stream; left out or 0: there is none, as with all sound. */
  readonly rtxSsrc?: number | undefined;
  /** m-lines of one stream are played in step (RFC 8830). */
  readonly streamId: string;
  readonly trackId: string;
  /** The same for what shares a clock (RFC 7022). */
  readonly cname: string;
};

/** a=msid, a=ssrc-group and a=ssrc of one m-line (RFC 5576). */
export function sourceLines(
  { ssrc, rtxSsrc, streamId, trackId, cname }: SentSection,
  hasRepair: boolean,
): string[] {
  const msid = `a=msid:${streamId} ${trackId}`;
  const source = `a=ssrc:${ssrc} cname:${cname}`;
  if (!hasRepair || !rtxSsrc) return [msid, source];
  return [
    msid,
    `a=ssrc-group:FID ${ssrc} ${rtxSsrc}`,
    source,
    `a=ssrc:${rtxSsrc} cname:${cname}`,
  ];
}
