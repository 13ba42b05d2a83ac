/**
 * Somebody at the other end of a transport, made of the same addon: what a browser would do, in a few
 * milliseconds. It offers, and takes the transport for a server with ICE-lite that is passive.
 */
import { type DataChannel, PeerConnection, type Track, Video } from "node-datachannel";
import type { Buffer } from "node:buffer";
import type { Fingerprint, IceParameters } from "../../src/media/sfu/transport.ts";

/** What the peer is told of the server. */
export type Server = {
  readonly ice: IceParameters;
  readonly fingerprint: Fingerprint;
  readonly port: number;
  /** Of this machine. Default 127.0.0.1. */
  readonly address?: string;
};

/** A peer with one media line, and a data channel if it was asked for. */
export class NativePeer {
  /** Packets in hexadecimal and messages as text, in the order in which they came. */
  readonly heard: string[] = [];
  readonly #connection: PeerConnection;
  readonly #track: Track;
  readonly #channel: DataChannel | undefined;
  readonly #opened: Promise<unknown>;

  /**
   * `onPacket` takes the packets instead of {@linkcode heard}, for those who expect many. Bound to the
   * loopback, it reaches no server at another address.
   */
  constructor(
    name: string,
    hasData: boolean,
    onPacket?: (bytes: Uint8Array) => void,
    bindAddress = "127.0.0.1",
  ) {
    this.#connection = new PeerConnection(`peer of ${name}`, {
      iceServers: [],
      disableAutoNegotiation: true,
      bindAddress,
    });
    const video = new Video("raw", "SendRecv");
    video.addVP8Codec(96);
    this.#track = this.#connection.addTrack(video);
    this.#track.onMessage(onPacket ?? ((bytes) => this.heard.push(bytes.toString("hex"))));
    const opened = [new Promise<void>((resolve) => this.#track.onOpen(resolve))];
    if (hasData) {
      const channel = this.#connection.createDataChannel("data");
      channel.onMessage((message) => this.heard.push(`${message}`));
      opened.push(new Promise<void>((resolve) => channel.onOpen(resolve)));
      this.#channel = channel;
    }
    this.#opened = Promise.all(opened);
    this.#connection.setLocalDescription("offer");
  }

  /** What its offer says of its transport. */
  get parameters(): IceParameters & { fingerprint: Fingerprint } {
    const { sdp } = this.#connection.localDescription()!;
    const value = (name: string) => RegExp(`^a=${name}:(.*?)\r?$`, "m").exec(sdp)![1]!;
    const [algorithm = "", fingerprint = ""] = value("fingerprint").split(" ");
    return {
      usernameFragment: value("ice-ufrag"),
      password: value("ice-pwd"),
      fingerprint: { algorithm, value: fingerprint },
    };
  }

  /** Takes the server's answer; resolves when it is connected. */
  async connect({ ice, fingerprint, port, address = "127.0.0.1" }: Server): Promise<void> {
    const data = [
      "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
      "c=IN IP4 0.0.0.0",
      "a=mid:0",
      "a=sctp-port:5000",
      "a=max-message-size:262144",
    ];
    const answer = [
      "v=0",
      "o=- 1 1 IN IP4 0.0.0.0",
      "s=-",
      "t=0 0",
      `a=group:BUNDLE raw${this.#channel === undefined ? "" : " 0"}`,
      "a=ice-lite",
      `a=ice-ufrag:${ice.usernameFragment}`,
      `a=ice-pwd:${ice.password}`,
      `a=fingerprint:${fingerprint.algorithm} ${fingerprint.value}`,
      "a=setup:passive",
      "m=video 9 UDP/TLS/RTP/SAVPF 96",
      "c=IN IP4 0.0.0.0",
      "a=mid:raw",
      "a=sendrecv",
      "a=rtcp-mux",
      "a=rtpmap:96 VP8/90000",
      `a=candidate:1 1 udp 2130706431 ${address} ${port} typ host`,
      "a=end-of-candidates",
      ...(this.#channel === undefined ? [] : data),
      "",
    ];
    this.#connection.setRemoteDescription(answer.join("\r\n"), "answer");
    await this.#opened;
  }

  /** Sends a packet. */
  send(packet: Uint8Array): boolean {
    return this.#track.sendMessageBinary(packet as Buffer); // The addon takes any view of bytes.
  }

  /** Sends a message. */
  say(text: string): void {
    this.#channel!.sendMessage(text);
  }

  /** Hangs up. */
  close(): void {
    this.#channel?.close();
    this.#track.close();
    this.#connection.close();
  }
}
