/**
 * The wire as an AsyncAPI 3.0.0 document, for people and for generators of clients. Built from the
 * same schemas that check every frame, so it cannot drift from them. `GET /schema` serves it; the
 * page takes its message examples from there.
 */
import { clientMessages } from "./client_messages.ts";
import { CLOSE_CODES, ERROR_CODES } from "./errors.ts";
import { RELAY_BYTES_PER_SECOND, RELAY_FRAMES_PER_SECOND } from "./limits.ts";
import { RELAY_KINDS } from "./relay_frame.ts";
import { serverMessages } from "./server_messages.ts";
import { SOCKET_PATH, SUBPROTOCOL } from "./wire.ts";

/** What a document says beyond the wire itself. */
export type AsyncApiOptions = {
  /** The name of the service; "Signalbox" unless given. */
  title?: string | undefined;
  /** The version of the server. */
  version: string;
  /** Where the server is reached, e.g. `https://meet.example.org`; without it no server is named. */
  serverUrl?: string | undefined;
};

/** What every schema of a message carries, though its type does not tell. */
type Annotations = { $id: string; description: string; examples: readonly unknown[] };

const DESCRIPTION =
  "Rooms that talk: a client joins a room and exchanges session descriptions, ICE candidates, chat " +
  "and data with the others in it. One text frame holds one JSON object with a string `type`. A " +
  `client that offers the subprotocol \`${SUBPROTOCOL}\` may also get several messages in one frame, ` +
  "as a JSON array. Fields that a message does not define are ignored. A binary frame holds one " +
  "relayed frame of encoded media, as `x-relayed-frames` lays it out.";

/** The header of a relayed frame (rule FR6), of numbers in network order; the payload follows. */
const RELAYED_FRAME = {
  kinds: RELAY_KINDS,
  header: [
    { name: "kind", bytes: 1 },
    { name: "flags", bytes: 1, description: "1: a key frame." },
    { name: "pictureId", bytes: 2 },
    { name: "sourceId", bytes: 4, description: "As in relay-started; a sender leaves it 0." },
    { name: "timestampUs", bytes: 8 },
    { name: "number", bytes: 4 },
    { name: "width", bytes: 2 },
    { name: "height", bytes: 2 },
  ],
  framesPerSecond: RELAY_FRAMES_PER_SECOND,
  bytesPerSecond: RELAY_BYTES_PER_SECOND,
};

/** The document, of plain JSON values only. */
export function asyncApiDocument(options: AsyncApiOptions): Record<string, unknown> {
  const received = describeMessages("client", clientMessages);
  const sent = describeMessages("server", serverMessages);
  return {
    asyncapi: "3.0.0",
    info: {
      title: options.title ?? "Signalbox",
      version: options.version,
      description: DESCRIPTION,
    },
    defaultContentType: "application/json",
    ...(options.serverUrl === undefined
      ? {}
      : { servers: { this: describeServer(options.serverUrl) } }),
    channels: {
      ws: {
        address: SOCKET_PATH,
        title: "The WebSocket",
        description: describeClosing(),
        messages: referencesByName([...Object.keys(received), ...Object.keys(sent)]),
        bindings: { ws: { method: "GET", bindingVersion: "0.1.0" } },
        "x-subprotocol": SUBPROTOCOL,
        "x-relayed-frames": asJson(RELAYED_FRAME),
        "x-close-codes": { ...CLOSE_CODES },
      },
    },
    operations: {
      receive: operation("receive", "What a client may send.", Object.keys(received)),
      send: operation("send", "What the server sends.", Object.keys(sent)),
    },
    components: { messages: { ...received, ...sent } },
    "x-error-codes": { ...ERROR_CODES },
  };
}

function describeServer(serverUrl: string): Record<string, unknown> {
  const url = new URL(serverUrl);
  return {
    host: url.host,
    protocol: url.protocol === "https:" || url.protocol === "wss:" ? "wss" : "ws",
    ...(url.pathname === "/" ? {} : { pathname: url.pathname }),
  };
}

function describeClosing(): string {
  const codes = Object.entries(CLOSE_CODES).map(([code, meaning]) => `- ${code}: ${meaning}`);
  return ["The server closes with one of these codes:", "", ...codes].join("\n");
}

function operation(action: string, summary: string, names: string[]): Record<string, unknown> {
  return {
    action,
    channel: { $ref: "#/channels/ws" },
    summary,
    messages: names.map((name) => ({ $ref: `#/channels/ws/messages/${name}` })),
  };
}

function referencesByName(names: string[]): Record<string, unknown> {
  return Object.fromEntries(
    names.map((name) => [name, { $ref: `#/components/messages/${name}` }]),
  );
}

function describeMessages(
  side: "client" | "server",
  schemas: Record<string, object>,
): Record<string, unknown> {
  const entries = Object.entries(schemas).map(([type, schema]) => {
    // Both tables are built by functions that demand the annotations. An `$id` is left out: it would
    // become the base of every reference in the document.
    const { $id: _id, examples, ...payload } = schema as Annotations;
    return [`${side}.${type}`, {
      name: type,
      title: titleOf(payload.description),
      summary: payload.description,
      payload: asJson(payload),
      correlationId: { location: "$message.payload#/requestId" },
      examples: examples.map((example, index) => ({
        name: index === 0 ? type : `${type} ${index + 1}`,
        payload: asJson(example),
      })),
    }];
  });
  return Object.fromEntries(entries);
}

/** The first clause of a description, without the rules it names. */
function titleOf(description: string): string {
  return description.replace(/ \(rules? [^)]*\)/, "").replace(/[;.].*$/s, "");
}

/** A copy without the marks that the schema library keeps on its objects. */
function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
