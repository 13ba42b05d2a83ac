/** Two real connections in one page, tied together: what one sends the other receives. */

/** A connected pair. */
export class Loopback {
  readonly near = new RTCPeerConnection();
  readonly far = new RTCPeerConnection();

  private constructor() {
    this.near.onicecandidate = ({ candidate }) => void this.far.addIceCandidate(candidate);
    this.far.onicecandidate = ({ candidate }) => void this.near.addIceCandidate(candidate);
  }

  /** A pair that is ready for channels. */
  static async forChannels(): Promise<Loopback> {
    const pair = new Loopback();
    pair.near.createDataChannel("first");
    await pair.#negotiate();
    return pair;
  }

  /** Sends `tracks` through a pair; the received ones, in the same order. */
  static async carry(
    tracks: readonly MediaStreamTrack[],
  ): Promise<{ pair: Loopback; received: MediaStreamTrack[] }> {
    const pair = new Loopback();
    for (const track of tracks) pair.near.addTransceiver(track, { direction: "sendonly" });
    await pair.#negotiate();
    return { pair, received: pair.far.getReceivers().map(({ track }) => track) };
  }

  close(): void {
    this.near.close();
    this.far.close();
  }

  async #negotiate(): Promise<void> {
    await this.near.setLocalDescription();
    await this.far.setRemoteDescription(this.near.localDescription!);
    await this.far.setLocalDescription();
    await this.near.setRemoteDescription(this.far.localDescription!);
  }
}
