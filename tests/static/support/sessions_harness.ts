/**
 * A page that publishes by WHIP and watches by WHEP with nothing but `fetch` and the browser's own
 * connections, as RFC 9725 says. Bundled and loaded by `tests/support/harness_page.ts`.
 */

/** A session, and its connection. */
type Session = { readonly connection: RTCPeerConnection; readonly location: string };

const sessions = new Map<string, Session>();

/** What came of a connection so far. */
type Report = {
  state: string;
  /** Of the tallest picture that was decoded. */
  height: number;
  framesDecoded: number;
  soundEnergy: number;
  framesEncoded: number;
};

/** What `page.evaluate` calls; sessions have names of the test's choice. */
const harness = {
  /** Publishes the camera and the microphone. Returns the status; 201 has opened a session. */
  async publish(name: string, url: string): Promise<number> {
    const connection = new RTCPeerConnection();
    const media = await navigator.mediaDevices.getUserMedia({
      audio: true,
      video: { width: 640, height: 480 },
    });
    for (const track of media.getTracks()) {
      connection.addTransceiver(track, { direction: "sendonly", streams: [media] });
    }
    return await open(name, url, connection);
  },

  /** Watches one sound and one picture. */
  async watch(name: string, url: string): Promise<number> {
    const connection = new RTCPeerConnection();
    for (const kind of ["audio", "video"]) {
      connection.addTransceiver(kind, { direction: "recvonly" });
    }
    connection.ontrack = ({ track }) => play(track);
    return await open(name, url, connection);
  },

  /** Tells the server the candidates of a session, as trickle ICE does. Returns the status. */
  async trickle(name: string, ifMatch: string): Promise<number> {
    const { connection, location } = sessionOf(name);
    const { sdp } = connection.localDescription!;
    const lines = sdp.split("\r\n").filter((line) =>
      /^a=(ice-ufrag|ice-pwd|candidate|end-of-candidates)/.test(line)
    );
    const response = await fetch(location, {
      method: "PATCH",
      headers: { "content-type": "application/trickle-ice-sdpfrag", "if-match": ifMatch },
      body: lines.join("\r\n"),
    });
    return response.status;
  },

  /** Ends a session as a client should. Returns the status. */
  async end(name: string): Promise<number> {
    const { connection, location } = sessionOf(name);
    const { status } = await fetch(location, { method: "DELETE" });
    connection.close();
    return status;
  },

  /** What the connection of a session has measured. */
  async report(name: string): Promise<Report> {
    const { connection } = sessionOf(name);
    const report: Report = {
      state: connection.connectionState,
      height: 0,
      framesDecoded: 0,
      soundEnergy: 0,
      framesEncoded: 0,
    };
    for (const stats of (await connection.getStats()).values()) {
      report.height = Math.max(report.height, stats.frameHeight ?? 0);
      report.framesDecoded += stats.framesDecoded ?? 0;
      report.framesEncoded += stats.framesEncoded ?? 0;
      if (stats.type === "inbound-rtp") report.soundEnergy += stats.totalAudioEnergy ?? 0;
    }
    return report;
  },
};

export type SessionsHarness = typeof harness;

Object.assign(globalThis, { harness });

async function open(name: string, url: string, connection: RTCPeerConnection): Promise<number> {
  await connection.setLocalDescription();
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/sdp" },
    body: connection.localDescription!.sdp,
  });
  if (response.status !== 201) {
    connection.close();
    return response.status;
  }
  const location = new URL(response.headers.get("location")!, response.url).href;
  await connection.setRemoteDescription({ type: "answer", sdp: await response.text() });
  sessions.set(name, { connection, location });
  return response.status;
}

function sessionOf(name: string): Session {
  const session = sessions.get(name);
  if (session === undefined) throw new Error(`No session is called ${name}`);
  return session;
}

/** A sound or picture that nobody plays may not be decoded. */
function play(track: MediaStreamTrack): void {
  const element = document.createElement(track.kind === "audio" ? "audio" : "video");
  element.srcObject = new MediaStream([track]);
  element.autoplay = true;
  document.getElementById("page")!.append(element);
}
