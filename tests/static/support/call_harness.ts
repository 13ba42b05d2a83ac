/**
 * One participant of a call in a blank page: a WebSocket to the real server, a mesh, a camera and a
 * microphone. Bundled and loaded by `tests/support/call_page.ts`, which drives it from outside; what
 * it answers is described there.
 */
import type { ServerMessage, UserId } from "../../../src/protocol/mod.ts";
import { SUBPROTOCOL, unpackFrame } from "../../../src/protocol/wire.ts";
import { pageClock } from "../../../static/browser/page_clock.ts";
import { Mesh } from "../../../static/call/mesh.ts";
import { browserPlatform } from "../../../static/call/platform.ts";
import type { Slot, SlotEncoding } from "../../../static/call/transport.ts";
import type { Received } from "../../support/call_report.ts";

const platform = browserPlatform(pageClock);
/** Every connection that was made, to read its counters past the code under test. */
const connections: RTCPeerConnection[] = [];
let tracks: { [slot in Slot]?: MediaStreamTrack } = {};
let socket: WebSocket;
let mesh: Mesh;
const players = new Map<UserId, HTMLAudioElement>();
const faults: string[] = [];
const channelTexts: string[] = [];

/** What `page.evaluate` calls. */
const harness = {
  /** Connects, joins and calls whoever is in the room. */
  async start(roomId: string, selfId: UserId, codecs: readonly string[]): Promise<void> {
    const others = new Set<UserId>();
    socket = new WebSocket(`ws://${location.host}/ws`, SUBPROTOCOL);
    mesh = new Mesh({
      selfId,
      topology: "mesh",
      iceServers: [],
      platform: {
        ...platform,
        connect(configuration) {
          const connection = platform.connect(configuration);
          connections.push(connection);
          return connection;
        },
      },
      send(message) {
        if (socket.readyState !== WebSocket.OPEN) return false;
        socket.send(JSON.stringify(message));
        return true;
      },
      events: {
        changed: play,
        channelOpened(_from, channel) {
          channel.addEventListener("message", (event) => {
            const { data } = event as MessageEvent; // That is what comes with its name.
            channelTexts.push(`${channel.label}: ${data}`);
          });
        },
      },
      faulted: (userId, fault) => faults.push(`${userId}: ${fault}`),
    });
    mesh.setCodecOrder(codecs);
    mesh.setTracks(tracks);
    socket.onmessage = ({ data }) => {
      // What our own server sends is what it types.
      for (const message of unpackFrame(data) as ServerMessage[]) {
        if (message.type === "joined") message.users.forEach((userId) => others.add(userId));
        if (message.type === "user-joined") others.add(message.userId);
        if (message.type === "user-left") others.delete(message.userId);
        if (message.type === "error") faults.push(`${message.code}: ${message.message}`);
        mesh.setOthers([...others]);
        mesh.receive(message);
      }
    };
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onclose = ({ code }) => reject(new Error(`Cannot connect: ${code}`));
    });
    socket.send(JSON.stringify({ type: "join", roomId, userId: selfId }));
  },

  /** Switches camera and microphone on. */
  async capture(height: number): Promise<void> {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: { height } });
    send({ microphone: stream.getAudioTracks()[0]!, camera: stream.getVideoTracks()[0]! });
  },

  /** Sends a canvas of this size and colour in a slot that shows something. */
  draw(slot: "camera" | "screen", width: number, height: number): void {
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const context = canvas.getContext("2d")!;
    let turn = 0;
    // Not by frames of the display: a tab in the background has none.
    function paint(): void {
      context.fillStyle = `hsl(${turn += 7} 80% 50%)`;
      context.fillRect(0, 0, width, height);
      pageClock.after(50, paint);
    }
    paint();
    send({ [slot]: canvas.captureStream().getVideoTracks()[0]! });
  },

  /** Sends nothing in a slot any more. */
  drop(slot: Slot): void {
    tracks[slot]?.stop();
    const { [slot]: _dropped, ...rest } = tracks;
    tracks = rest;
    mesh.setTracks(tracks);
  },

  /** What came from each other participant so far. */
  async received(): Promise<Received[]> {
    const reports = await mesh.measure();
    return await Promise.all([...mesh.remotes].map(async ([userId, { state, tracks }]) => {
      const report = reports.get(userId);
      const stream = (slot: Slot) => report?.received.find((one) => one.slot === slot);
      return {
        userId,
        state,
        cameraFrames: stream("camera")?.frames ?? 0,
        cameraWidth: stream("camera")?.width ?? 0,
        cameraCodec: stream("camera")?.codec ?? "",
        screenFrames: stream("screen")?.frames ?? 0,
        screenWidth: stream("screen")?.width ?? 0,
        audioEnergy: await audioEnergy(tracks.microphone),
        loss: stream("camera")?.loss ?? 0,
        path: report?.path ?? "unknown",
        kbpsDown: report?.kbpsDown ?? 0,
        roundTripMs: report?.roundTripMs ?? -1,
      };
    }));
  },

  /** The user name fragments of our ends: a restart of ICE makes new ones. */
  fragments(): string[] {
    return connections.filter(({ signalingState }) => signalingState !== "closed")
      .map(({ localDescription }) =>
        /a=ice-ufrag:(\S+)/.exec(localDescription?.sdp ?? "")?.[1] ?? ""
      );
  },

  /** What we last said on each connection; the same as before as long as nothing is negotiated. */
  descriptions(): string[] {
    return connections.map(({ localDescription }) =>
      /o=.*/.exec(localDescription?.sdp ?? "")?.[0] ?? ""
    );
  },

  /** The signaling states of the connections that are not closed. */
  signalingStates(): string[] {
    return connections.map(({ signalingState }) => signalingState).filter((one) =>
      one !== "closed"
    );
  },

  /** Looks at every path anew, so often in one turn. */
  networkChanged(times: number): void {
    for (let n = 0; n < times; n++) mesh.networkChanged();
  },

  setCodecOrder: (order: readonly string[]): void => mesh.setCodecOrder(order),
  setEncoding: (slot: Slot, encoding: SlotEncoding): void => mesh.setEncoding(slot, encoding),
  faults: (): string[] => faults,
  channelTexts: (): string[] => channelTexts,

  /** Sends a text over a channel of its own. */
  async say(to: UserId, label: string, text: string): Promise<void> {
    (await mesh.openChannel(to, label)).send(text);
  },

  /** Kills every connection as a lost network would, without a word to the code under test. */
  closeConnections(): void {
    for (const connection of connections) connection.close();
  },
};

/** Sound is decoded only where somebody listens. */
function play(): void {
  for (const [userId, { tracks }] of mesh.remotes) {
    const element = players.get(userId) ?? new Audio();
    players.set(userId, element);
    const [playing] = (element.srcObject as MediaStream | null)?.getTracks() ?? [];
    if (tracks.microphone === undefined || playing === tracks.microphone) continue;
    element.srcObject = new MediaStream([tracks.microphone]);
    void element.play();
  }
}

function send(added: { [slot in Slot]?: MediaStreamTrack }): void {
  tracks = { ...tracks, ...added };
  mesh?.setTracks(tracks);
}

/** The energy of a received track, as the connections count it. */
async function audioEnergy(track: MediaStreamTrack | undefined): Promise<number> {
  for (const connection of connections) {
    const receiver = connection.getReceivers().find((one) => one.track === track);
    if (receiver === undefined || track === undefined) continue;
    for (const entry of (await receiver.getStats()).values()) {
      if (entry.type === "inbound-rtp") return entry.totalAudioEnergy ?? 0;
    }
  }
  return 0;
}

Object.assign(globalThis, { harness });

/** What the page offers to whoever drives it. */
export type Harness = typeof harness;
