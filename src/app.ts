/**
 * The composition root: builds everything a server is made of and ties it together. The process entry
 * calls it, and so does whoever runs a server inside another program (the harness, the tests).
 */
import { TokenVerifier } from "./access/mod.ts";
import { type Clock, CountedClock, logger, systemClock, systemRandom } from "./base/mod.ts";
import type { Config } from "./config.ts";
import {
  createHandler,
  type Handler,
  MediaSessions,
  Metrics,
  type PageAssets,
  SocketDoor,
  StreamViewers,
} from "./http/mod.ts";
import type { MediaPlane } from "./media/port.ts";
import { Hub } from "./signaling/mod.ts";
import { CredentialIssuer } from "./turn/mod.ts";
import { readTokenKey } from "./token_key.ts";
import type { TurnService } from "./turn_service.ts";
import { VERSION } from "./version.ts";
import { Webhooks } from "./webhooks/mod.ts";

/** A stopping server waits this long for its outboxes. With closing it stays under 3 s. */
const DRAIN_MS = 1_000;
/** What is queued for webhooks is tried this long at most when the server stops. */
const WEBHOOK_DRAIN_MS = 1_000;
/** Sockets and webhooks together, so that the process ends by itself before its deadline. */
const CLOSE_BUDGET_MS = 2_200;
/** When the clients of a stopping server come back: a restart takes about a second. */
const RECONNECT_AFTER_MS = 2_000;

/** What an application is made of. */
export type AppOptions = {
  /** The settings. */
  readonly config: Config;
  /** The page's files; left out: no page. */
  readonly assets?: PageAssets | undefined;
  /** Carries media through the server, and is closed with it. Left out: nothing does. */
  readonly media?: MediaPlane | undefined;
  /** A TURN server that runs beside it, and is closed with it. Left out: that of the settings. */
  readonly turn?: TurnService | undefined;
  /** The time; the machine's unless a test brings its own. */
  readonly clock?: Clock;
};

/** A server without its port. */
export type App = {
  /** Answers one request. */
  readonly handler: Handler;
  /** The time that all of it runs on; its timers are counted, and so are the listener's. */
  readonly clock: Clock;
  /** Judges handshakes, for a listener that opens the sockets itself. */
  readonly door: SocketDoor;
  /** Tells everyone, drains, and ends every connection. Idempotent. */
  readonly close: () => Promise<void>;
};

/** Builds a server; it works with the first request. Throws ConfigError for a key it cannot use. */
export function createApp(options: AppOptions): App {
  const { config, assets, media } = options;
  const clock = new CountedClock(options.clock ?? systemClock);
  const iceServers = config["ice-servers"];
  const turn = createIssuer(options.turn, { config, clock });
  const heartbeatMs = config["heartbeat-ms"];
  const tokenKey = readTokenKey(config);
  const verifier = tokenKey === undefined ? undefined : new TokenVerifier(tokenKey, clock);
  const metrics = new Metrics(clock);
  const webhooks = createWebhooks(config, { clock, metrics });
  const hub = new Hub({
    clock,
    random: systemRandom,
    log: logger("signaling"),
    observer: metrics,
    roomListener: webhooks,
    verifier,
    iceServers,
    turn,
    heartbeatMs,
    resumeGraceMs: config["resume-grace-ms"],
    maxConnections: config["max-connections"],
    maxRooms: config["max-rooms"],
    media,
    topology: config.topology,
    rates: {
      // Larger by a second than a connection's own, so that of one connection only that one refuses.
      user: {
        perSecond: config["message-rate"],
        burst: config["message-burst"] + config["message-rate"],
      },
      network: withBurst(config["address-message-rate"]),
      room: withBurst(config["room-message-rate"]),
    },
    limits: {
      maxMessageBytes: config["max-message-bytes"],
      messagesPerSecond: config["message-rate"],
      messageBurst: config["message-burst"],
      maxBufferedBytes: config["max-buffered-bytes"],
      maxParticipants: config["max-participants"],
    },
  });
  metrics.observe({
    connections: () => hub.connectionCount,
    rooms: () => hub.registry.size,
    participants: () => hub.registry.participantCount,
    reservedCodes: () => hub.registry.reservedCount,
    sockets: () => hub.socketCount,
    sessions: () => hub.sessionCounts.all,
    keptSeats: () => hub.sessionCounts.detached,
    timers: () => clock.pending,
    relayViewers: () => hub.registry.relayCounts.viewers,
    pictureWatchers: () => hub.registry.relayCounts.watchers,
  });
  if (options.turn !== undefined) metrics.observeTurn(options.turn.counts);
  const door = new SocketDoor({
    hub,
    clock,
    origins: config.origin,
    verifier,
    maxPerAddress: config["max-connections-per-address"],
    trustedProxies: config["trusted-proxy"],
  });
  const sessions = new MediaSessions({
    hub,
    clock,
    random: systemRandom,
    log: logger("http"),
    addresses: door.addresses,
    maxSessions: config["max-connections"],
  });
  const streams = new StreamViewers({
    watchPictures: (options) => hub.watchPictures(options),
    clock,
    random: systemRandom,
    log: logger("http"),
    addresses: door.addresses,
    maxViewers: config["max-connections"],
  });
  metrics.observeStreams(streams);
  if (media !== undefined) {
    metrics.observeMedia({ plane: media, clock, sessions: (kind) => sessions.count(kind) });
  }
  const handler = createHandler({
    hub,
    door,
    verifier,
    media,
    sessions,
    streams,
    recordings: {
      folder: config["recordings-dir"],
      maxBytes: config["max-recording-bytes"],
      maxMs: config["max-recording-ms"],
    },
    metrics,
    clock,
    log: logger("http"),
    version: VERSION,
    random: systemRandom,
    iceServers,
    turn,
    heartbeatMs,
    corsOrigins: config["cors-origin"],
    adminToken: config["admin-token"],
    isSecure: config["tls-cert"] !== undefined,
    assets,
  });
  return {
    handler,
    clock,
    door,
    close: async () => {
      const endAt = clock.elapsed() + CLOSE_BUDGET_MS;
      // First: an answer that goes on would keep the listener from ending.
      streams.close();
      await hub.close({ reconnectAfterMs: RECONNECT_AFTER_MS, drainMs: DRAIN_MS });
      options.turn?.close();
      // After the hub: the end of its rooms is the last that is told, and that their media hear.
      await Promise.all([
        webhooks?.close(Math.min(WEBHOOK_DRAIN_MS, endAt - clock.elapsed())),
        media?.close(),
      ]);
      metrics.close();
    },
  };
}

/** Two seconds of it may come at once, as with a connection's own rate by default. */
function withBurst(perSecond: number): { perSecond: number; burst: number } {
  return { perSecond, burst: 2 * perSecond };
}

/** Makes TURN credentials, where there is a secret to make them with. */
function createIssuer(
  service: TurnService | undefined,
  { config, clock }: { config: Config; clock: Clock },
): CredentialIssuer | undefined {
  const { urls = config["turn-url"], secret = config["turn-secret"] } = service ?? {};
  if (secret === undefined || urls.length === 0) return undefined;
  return new CredentialIssuer({ urls, secret, ttlS: config["turn-ttl-s"], clock });
}

/** The webhooks, where a URL is configured. */
function createWebhooks(
  config: Config,
  { clock, metrics }: { clock: Clock; metrics: Metrics },
): Webhooks | undefined {
  const { "webhook-url": urls, "webhook-secret": secret } = config;
  // The settings demand a secret where there is a URL.
  if (urls.length === 0 || secret === undefined) return undefined;
  const log = logger("webhooks");
  return new Webhooks({ urls, secret, clock, random: systemRandom, log, observer: metrics });
}
