/**
 * Rooms whose media go through the server, for the checks of those rules, and offers of publishers who
 * send nothing: what is negotiated is told without a packet.
 */
import type { ServerMessageOf, ServerMessageType, Topology } from "../../src/protocol/mod.ts";
import type { Actor } from "./actor.ts";
import { same } from "./expectation.ts";
import { everyone, type Scene } from "./scene.ts";
import { NotApplicable } from "./verdict.ts";

/** A publisher in words: microphone and camera, each on an m-line of its own. */
export const SOURCES = [
  { mid: "0", source: "microphone" },
  { mid: "1", source: "camera" },
] as const;

let published = 0;

/** How a check speaks of a publisher connection. */
export type OfferOptions = {
  /** Another one is another connection (rule PB5). */
  readonly usernameFragment?: string;
  /** What is published over it. Default: both. */
  readonly tracks?: readonly { readonly mid: string; readonly source: string }[];
};

/** A `publish` that a server can take. */
export function publishing(options: OfferOptions = {}): Readonly<Record<string, unknown>> {
  const { usernameFragment = "cf01", tracks = SOURCES } = options;
  const description = { type: "offer", sdp: offerWith(usernameFragment) };
  return { type: "publish", description, tracks };
}

/**
 * Four whose media the server carries; each has heard all there is to hear. Throws NotApplicable where
 * the server carries none.
 */
export async function gatherCarried(scene: Scene): Promise<Actor[]> {
  const { actors, topologies } = await gatherFour(scene);
  if (topologies.at(-1) === "sfu") return actors;
  throw new NotApplicable("the server has media travel in a mesh alone");
}

/** The same, in a room that has moved for them. Throws NotApplicable where rooms do not move. */
export async function gatherMoved(scene: Scene): Promise<Actor[]> {
  const { actors, topologies } = await gatherFour(scene);
  same("the topology while there were fewer", new Set(topologies.slice(0, -1)).size, 1);
  if (topologies[0] !== topologies.at(-1)) return actors;
  const way = topologies[0] === "mesh" ? "in a mesh" : "through itself";
  throw new NotApplicable(`the server has media travel ${way} alone`);
}

async function gatherFour(scene: Scene): Promise<{ actors: Actor[]; topologies: Topology[] }> {
  const actors: Actor[] = [];
  const topologies: Topology[] = [];
  for (const name of ["ann", "bob", "cat", "dan"]) {
    const actor = await scene.connect(name);
    const { room: { topology } } = await actor.join(scene.room, { sfu: true });
    const isMoved = topology !== (topologies.at(-1) ?? topology);
    await everyone(actors, async (one) => {
      await one.hear("user-joined", { userId: name });
      if (isMoved) await one.hear("topology", { topology });
    });
    actors.push(actor);
    topologies.push(topology);
  }
  return { actors, topologies };
}

/** Has `publisher` publish both, and the others hear of it; returns the ids of the tracks. */
export async function publishTo(
  publisher: Actor,
  others: readonly Actor[],
): Promise<readonly string[]> {
  const tracks = await publish(publisher);
  same("the m-lines", tracks.map(({ mid }) => mid), SOURCES.map(({ mid }) => mid));
  const trackIds = tracks.map(({ trackId }) => trackId);
  const expected = SOURCES.map(({ source }, n) => ({ trackId: trackIds[n], source }));
  await everyone(others, async (one) => {
    const told = await collect(one, "track-published", SOURCES.length);
    same("the publisher", new Set(told.map(({ userId }) => userId)), new Set([publisher.name]));
    same("the tracks", told.map(({ track }) => track).toSorted(byId), expected.toSorted(byId));
  });
  return trackIds;
}

function byId(one: { trackId?: string | undefined }, other: { trackId?: string | undefined }) {
  return `${one.trackId}`.localeCompare(`${other.trackId}`);
}

/** Has `actor` publish; whatever else it hears meanwhile is passed over. */
export async function publish(
  actor: Actor,
  options: OfferOptions = {},
): Promise<ServerMessageOf<"published">["tracks"]> {
  const requestId = `publish ${++published}`;
  actor.say({ ...publishing(options), requestId });
  const answer = (await actor.hearUntil("published", { requestId })).at(-1);
  return answer?.type === "published" ? answer.tracks : [];
}

/** Hears messages of one type until there are `count`, passing over all others. */
export async function collect<T extends ServerMessageType>(
  actor: Actor,
  type: T,
  count: number,
): Promise<ServerMessageOf<T>[]> {
  const found: ServerMessageOf<T>[] = [];
  while (found.length < count) {
    const message = (await actor.hearUntil(type)).at(-1);
    found.push(message as ServerMessageOf<T>); // Its type was compared, its shape when it came.
  }
  return found;
}

/** Ends a check: what media bring about may still be on its way, and nobody is to hear it. */
export async function leaveAll(actors: readonly Actor[]): Promise<void> {
  await everyone(actors, async (one) => {
    one.say({ type: "leave", requestId: "leaves" });
    await one.hearUntil("leaved", { requestId: "leaves" });
  });
}

/** RFC 8866: two m-lines that a browser could have offered. */
function offerWith(usernameFragment: string): string {
  const transport = [
    "c=IN IP4 0.0.0.0",
    "a=rtcp:9 IN IP4 0.0.0.0",
    `a=ice-ufrag:${usernameFragment}`,
    "a=ice-pwd:conformance0check0password",
    `a=fingerprint:sha-256 ${Array(32).fill("AB").join(":")}`,
    "a=setup:actpass",
    "a=sendonly",
    "a=rtcp-mux",
  ];
  const lines = [
    ...["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0 1"],
    ...["m=audio 9 UDP/TLS/RTP/SAVPF 111", ...transport, "a=mid:0"],
    ...["a=msid:stream microphone", "a=rtpmap:111 opus/48000/2", "a=ssrc:1001 cname:check"],
    ...["m=video 9 UDP/TLS/RTP/SAVPF 96 97", ...transport, "a=mid:1", "a=msid:stream camera"],
    ...["a=rtpmap:96 VP8/90000", "a=rtcp-fb:96 nack", "a=rtcp-fb:96 nack pli"],
    ...["a=rtpmap:97 rtx/90000", "a=fmtp:97 apt=96", "a=ssrc-group:FID 2001 2002"],
    ...["a=ssrc:2001 cname:check", "a=ssrc:2002 cname:check"],
  ];
  return `${lines.join("\r\n")}\r\n`;
}
