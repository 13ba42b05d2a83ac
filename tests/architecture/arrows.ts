/**
 * Which file may import which: the table of src/ARCHITECTURE.md as code, for the tests of this
 * folder. The layers are `base, protocol <- rooms <- signaling <- http <- listener <- app <- server`.
 */
import { type Import, importsOf, type Source } from "./source.ts";

/** Folders of `src/` by the folder that may import them, through `mod.ts`. */
const LAYERS: Record<string, readonly string[]> = {
  base: [],
  protocol: [],
  rooms: ["base", "protocol"],
  media: ["base", "protocol"],
  turn: ["base", "protocol"],
  cluster: ["base", "protocol"],
  access: ["base", "protocol"],
  webhooks: ["base", "protocol"],
  signaling: ["base", "protocol", "access", "rooms"],
  http: ["base", "protocol", "access", "webhooks", "rooms", "signaling"],
  listener: ["base", "protocol", "signaling", "http"],
  app: [
    ...["base", "protocol", "access", "webhooks", "rooms", "signaling", "http", "listener"],
    ...["media", "turn", "cluster"],
  ],
  server: ["app", "base", "protocol", "rooms", "signaling", "http"],
};
/** What stands beside `rooms` is seen by the layers as an interface. */
const INTERFACES = ["src/media/port.ts", "src/turn/port.ts", "src/cluster/bus.ts"];
const INTERFACE_READERS = ["rooms", "signaling", "http", "app"];
/** What the page and the terminal know of the server: the wire. */
const WIRE = [
  "src/protocol/wire.ts",
  "src/protocol/data_frame.ts",
  "src/protocol/relay_frame.ts",
  "src/protocol/limits.ts",
  "src/protocol/reconnect.ts",
  "src/protocol/resume_point.ts",
];
/** The terminal runs where the server does, so it may check by the schemas and use our clock. */
const TERMINAL = ["src/protocol/mod.ts", "src/base/mod.ts"];
/** The files of the terminal that know the server: they run one, or several, in a worker. */
const LOCAL_SERVERS: Record<string, readonly string[]> = {
  "cli/local_server_worker.ts": ["src/app.ts", "src/config.ts", "src/media_plane.ts"],
  "cli/conformance/own_servers_worker.ts": ["src/app.ts", "src/config.ts", "src/listen.ts"],
};

/**
 * What synthetic users and headless participants know of the media engine: packets, descriptions, a
 * transport's shape, and how frames and files are made of what they receive.
 */
const ENGINE_WORDS = [
  ...["bytes", "codecs", "extensions", "ntp", "packet", "rtcp", "sequence", "vp8"]
    .map((name) => `src/media/rtp/${name}.ts`),
  ...["codec_choice", "codec_lines", "description", "media_section"]
    .map((name) => `src/media/sdp/${name}.ts`),
  ...["frame_assembler", "reorder_buffer", "room_recorder"].map((name) =>
    `src/media/record/${name}.ts`
  ),
  ...["credentials", "missing_packets", "reception", "transport"]
    .map((name) => `src/media/sfu/${name}.ts`),
  "src/media/child/stub_offer.ts",
  "src/media/port.ts",
];
/** What the doctor knows of TURN: how messages are written. */
const TURN_WORDS = ["stun_message", "stream_frames", "transport_address"]
  .map((name) => `src/turn/${name}.ts`);
/** The file of theirs that has the engine itself. */
const ENGINE_OF_USERS: Record<string, readonly string[]> = {
  "cli/media/engine.ts": ["certificate", "native", "native_peers"]
    .map((name) => `src/media/child/${name}.ts`),
};

/** `file:line: arrow: why` of every import of `source` that the table does not allow. */
export function badArrows(source: Source): string[] {
  return importsOf(source).flatMap((found) => {
    const why = found.target === undefined ? undefined : objection(source.path, found);
    if (why === undefined) return [];
    return [`${source.path}:${found.line}: ${source.path} -> ${found.target}: ${why}`];
  });
}

/** The paths of each ring of imports at run time, e.g. `a.ts -> b.ts -> a.ts`. */
export function findRings(sources: readonly Source[]): string[] {
  const targets = new Map(sources.map((source) => [
    source.path,
    importsOf(source).filter(({ isType }) => !isType).map(({ target }) => target ?? ""),
  ]));
  const done = new Set<string>();
  const rings: string[] = [];
  function visit(path: string, trail: string[]): void {
    const start = trail.indexOf(path);
    if (start >= 0) rings.push([...trail.slice(start), path].join(" -> "));
    if (start >= 0 || done.has(path)) return;
    for (const target of targets.get(path) ?? []) visit(target, [...trail, path]);
    done.add(path);
  }
  for (const path of targets.keys()) visit(path, []);
  return rings;
}

/** Why `path` may not have this import, or `undefined`. */
function objection(path: string, { target = "", isType }: Import): string | undefined {
  const from = areaOf(path);
  const to = areaOf(target);
  if (from === "tests") return undefined;
  if (to === "tests") return "only tests import tests";
  if (from === to) {
    const folder = target.slice(0, target.lastIndexOf("/") + 1);
    const isOwnMod = target.endsWith("/mod.ts") && path.startsWith(folder) && from in LAYERS;
    return isOwnMod ? "inside a folder import the file, not mod.ts" : undefined;
  }
  if (from === "cli" || from === "static") return wireObjection(path, target, isType);
  if (INTERFACES.includes(target) && INTERFACE_READERS.includes(from)) return undefined;
  const allowed = LAYERS[from];
  if (allowed === undefined) return `no layer is called ${from}`;
  if (!allowed.includes(to)) return `${from} may import ${allowed.join(", ") || "nothing of ours"}`;
  // The application is no folder: its files stand beside the others' folders.
  return to === "app" || target === `src/${to}/mod.ts` ? undefined : "across folders import mod.ts";
}

function wireObjection(path: string, target: string, isType: boolean): string | undefined {
  if (WIRE.includes(target)) return undefined;
  if (areaOf(path) === "cli" && TERMINAL.includes(target)) return undefined;
  if (target === "src/protocol/mod.ts") {
    return isType ? undefined : "of protocol/mod.ts only types: the validator stays in the server";
  }
  if (LOCAL_SERVERS[path]?.includes(target)) return undefined;
  if (path.startsWith("cli/media/") && ENGINE_WORDS.includes(target)) return undefined;
  if (path.startsWith("cli/doctor/") && TURN_WORDS.includes(target)) return undefined;
  if (ENGINE_OF_USERS[path]?.includes(target)) return undefined;
  return `${areaOf(path)} knows only the wire`;
}

/** `rooms` for src/rooms/room.ts, `app` for src/config.ts, `cli` for cli/main.ts, `server`. */
function areaOf(path: string): string {
  const [top = "", second = "", third] = path.split("/");
  if (top === "server.ts") return "server";
  if (top !== "src") return second === "" ? "root" : top;
  return third === undefined ? "app" : second;
}
