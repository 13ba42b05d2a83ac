/**
 * HTTP over a hub on a clock that stands still and a scripted media plane: requests of clients at
 * addresses, and what the plane was asked. For the tests of the routes that concern media.
 */
import { silentLogger } from "../../src/base/mod.ts";
import type { TokenVerifier } from "../../src/access/mod.ts";
import {
  createHandler,
  MediaSessions,
  Metrics,
  SocketDoor,
  StreamViewers,
} from "../../src/http/mod.ts";
import type { IceServer } from "../../src/protocol/mod.ts";
import { type FakeClient, HubFixture, type HubFixtureOptions } from "./hub_fixture.ts";
import { FakeClock } from "./fake_clock.ts";
import { ScriptedMediaPlane } from "./scripted_media_plane.ts";
import { ScriptedRandom } from "./scripted_random.ts";

/** The lines of an offer before its m-lines. */
const OFFER_HEAD = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n" +
  "a=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\n";

/** An offer with these m-lines, e.g. `audio sendonly`. */
export function offerOf(...sections: string[]): string {
  return OFFER_HEAD + sections.map((section, n) => {
    const [kind, direction] = section.split(" ");
    return `m=${kind} 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:${n}\r\na=${direction}\r\n`;
  }).join("");
}

/** What an encoder offers. */
export const PUBLISHING = offerOf("audio sendonly", "video sendonly");
/** What a player offers. */
export const WATCHING = offerOf("audio recvonly", "video recvonly");

/** What a test may set. */
export type MediaHttpOptions = HubFixtureOptions & {
  readonly verifier?: TokenVerifier;
  readonly iceServers?: readonly IceServer[];
  readonly origins?: readonly string[];
  readonly maxPerAddress?: number;
  readonly maxSessions?: number;
  readonly maxViewers?: number;
  readonly corsOrigins?: readonly string[];
  readonly adminToken?: string;
  readonly recordingsFolder?: string | undefined;
  /** `null`: the server has none. */
  readonly plane?: ScriptedMediaPlane | null;
};

/** Where requests come from unless told otherwise. */
export const STRANGER = "203.0.113.7";

/** A request of a client; `from` is its address. */
export type SendOptions = RequestInit & { readonly from?: string };

/** A server without a port. */
export class MediaHttpFixture {
  readonly clock: FakeClock;
  readonly plane: ScriptedMediaPlane;
  readonly rooms: HubFixture;
  readonly sessions: MediaSessions;
  readonly streams: StreamViewers;
  readonly metrics: Metrics;
  readonly #handler: ReturnType<typeof createHandler>;

  constructor(options: MediaHttpOptions = {}) {
    const { iceServers = [], verifier, plane, origins = ["same"] } = options;
    this.plane = plane ?? new ScriptedMediaPlane();
    this.clock = options.clock ?? new FakeClock();
    const media = plane === null ? undefined : this.plane;
    this.rooms = new HubFixture({ ...options, clock: this.clock, media, verifier, iceServers });
    const { hub } = this.rooms;
    const { clock } = this;
    const door = new SocketDoor({
      hub,
      clock,
      origins,
      maxPerAddress: options.maxPerAddress ?? 100,
      trustedProxies: [],
      verifier,
    });
    this.sessions = new MediaSessions({
      hub,
      clock,
      random: new ScriptedRandom(),
      log: silentLogger,
      addresses: door.addresses,
      maxSessions: options.maxSessions ?? 100,
    });
    this.streams = new StreamViewers({
      watchPictures: (watch) => hub.watchPictures(watch),
      clock,
      random: new ScriptedRandom(),
      log: silentLogger,
      addresses: door.addresses,
      maxViewers: options.maxViewers ?? 100,
    });
    this.metrics = new Metrics(clock);
    this.#handler = createHandler({
      hub,
      door,
      clock,
      verifier,
      media,
      random: new ScriptedRandom(),
      iceServers,
      turn: options.turn,
      sessions: this.sessions,
      streams: this.streams,
      recordings: { folder: options.recordingsFolder, maxBytes: 1_000_000, maxMs: 60_000 },
      metrics: this.metrics,
      log: silentLogger,
      version: "1.2.3",
      heartbeatMs: 15_000,
      corsOrigins: options.corsOrigins ?? ["*"],
      adminToken: options.adminToken,
      isSecure: false,
      assets: undefined,
    });
  }

  /** Sends a request. */
  async send(path: string, { from = STRANGER, ...init }: SendOptions = {}): Promise<Response> {
    const request = new Request(`http://localhost${path}`, init);
    const remoteAddr = { transport: "tcp", hostname: from, port: 4711 } as const;
    return await this.#handler(request, { remoteAddr });
  }

  /** Posts an offer. */
  post(
    path: string,
    sdp: string,
    { headers = {}, ...more }: SendOptions & { headers?: Record<string, string> } = {},
  ): Promise<Response> {
    const all = { "content-type": "application/sdp", ...headers };
    return this.send(path, { method: "POST", body: sdp, headers: all, ...more });
  }

  /** Opens a session; throws where the server refuses. Returns its path and its ETag. */
  async open(path: string, sdp: string): Promise<{ location: string; etag: string }> {
    const response = await this.post(path, sdp);
    const text = await response.text();
    if (response.status !== 201) throw new Error(`${response.status}: ${text}`);
    const { headers } = response;
    return { location: headers.get("location")!, etag: headers.get("etag")! };
  }

  /** Has one join over a socket who can take media through the server. */
  join(roomId: string, userId: string, more: Record<string, unknown> = {}): FakeClient {
    return this.rooms.join(roomId, userId, { sfu: true, ...more });
  }

  /** Who is in a room: user ids with their roles. */
  roster(room: string): string[] {
    const found = this.rooms.hub.registry.rooms().find(({ roomId }) => roomId === room);
    return (found?.participants ?? []).map(({ userId, role }) => `${userId} ${role}`);
  }

  /** Stops what runs by itself. */
  close(): void {
    this.metrics.close();
  }
}
