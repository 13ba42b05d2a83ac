/**
 * Who may open a socket: the handshake as HTTP sees it, its origin, the server's capacity, the number
 * that one address may hold, and the subprotocol (rules CO1, CO3, CO10, TK1). Both listeners ask it, so
 * that they refuse alike.
 */
import type { Claims, ClientOrigin, TokenVerifier } from "../access/mod.ts";
import type { Clock } from "../base/mod.ts";
import { ProtocolError, quoted, SUBPROTOCOL } from "../protocol/mod.ts";
import type { Hub, SocketListener } from "../signaling/mod.ts";
import { AddressGate, type AddressRefusal } from "./address_gate.ts";
import { AllowedOrigins } from "./allowed_origins.ts";
import { bearerOf } from "./bearer.ts";
import { addressKey, TrustedProxies } from "./client_address.ts";
import { problem, problemOf } from "./problem.ts";

/** Close code: over capacity, try again later (IANA WebSocket close code registry). */
const CLOSE_TRY_AGAIN_LATER = 1013;

/** What the door depends on. */
export type SocketDoorOptions = {
  readonly hub: Hub;
  readonly clock: Clock;
  /** `same`, `*`, or the origins whose pages may connect. */
  readonly origins: readonly string[];
  /** Sockets of one address, or of one /64 of IPv6. */
  readonly maxPerAddress: number;
  /** Addresses and networks whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  /** Checks access tokens (rule TK1). Default none: no tokens are demanded. */
  readonly verifier?: TokenVerifier | undefined;
};

/** What becomes of a handshake. */
export type Admission =
  | { readonly kind: "refused"; readonly response: Response }
  | {
    readonly kind: "admitted";
    /** The subprotocol that is selected; empty if none. */
    readonly protocol: string;
    /** Hears of the socket; its connection begins when the socket opens. */
    readonly listener: SocketListener;
  };

/** The door of one server's sockets. */
export class SocketDoor {
  /** Whose word about a client's address is taken. */
  readonly proxies: TrustedProxies;
  /** The origins whose pages may connect. */
  readonly origins: AllowedOrigins;
  /** What addresses hold, sockets and more. */
  readonly addresses: AddressGate;
  readonly #options: SocketDoorOptions;

  /** Open at once. */
  constructor(options: SocketDoorOptions) {
    this.#options = options;
    this.proxies = new TrustedProxies(options.trustedProxies);
    this.origins = new AllowedOrigins(options.origins);
    this.addresses = new AddressGate(options.clock, options.maxPerAddress);
  }

  /**
   * Judges one request for a socket; `peer` is the address at the other end, where it is known. A
   * promise only where a token has to be checked; it rejects for no fault of the client.
   */
  knock(request: Request, peer: string | undefined): Admission | Promise<Admission> {
    const { verifier, hub } = this.#options;
    const admission = this.#judge(request, { peer });
    if (verifier === undefined || admission.kind === "refused") return admission;
    return verifier.verify(bearerOf(request)).then(
      // Judged again: the server may have filled up meanwhile.
      (claims) => this.#judge(request, { peer, claims }),
      (error): Admission => {
        const response = problemOf(error);
        if (response === undefined) throw error;
        hub.errorRaised(error instanceof ProtocolError ? error.code : "internal-error");
        return { kind: "refused", response };
      },
    );
  }

  #judge(request: Request, client: { peer: string | undefined; claims?: Claims }): Admission {
    const { peer, claims } = client;
    const { hub } = this.#options;
    const refuse = (response: Response): Admission => ({ kind: "refused", response });
    if (request.method !== "GET" || request.headers.get("upgrade")?.toLowerCase() !== "websocket") {
      return refuse(problem(426, {
        code: "upgrade-required",
        detail: "Cannot answer without an upgrade: this is a WebSocket endpoint",
        headers: { upgrade: "websocket", connection: "Upgrade" },
      }));
    }
    const origin = request.headers.get("origin");
    if (origin !== null && !this.origins.allows(origin, request)) {
      hub.errorRaised("not-allowed");
      const detail = `Cannot connect from origin ${quoted(origin)}: ` +
        "the server's --origin does not list it";
      return refuse(problem(403, { code: "not-allowed", detail }));
    }
    const { refusal } = hub;
    if (refusal !== undefined) {
      hub.errorRaised(refusal);
      const error = new ProtocolError(refusal, "Cannot connect now: try again in a moment");
      return refuse(problemOf(error)!); // Every refusal is a code with a status.
    }
    const address = this.clientOf(request, peer);
    const key = address === undefined ? undefined : addressKey(address);
    // A handshake that waited for its token was counted before.
    const wait = this.addresses.refusal(key, { isCounted: claims === undefined });
    if (wait !== undefined) return refuse(this.#tooMany(wait));
    const offered = request.headers.get("sec-websocket-protocol") ?? "";
    const isOffered = offered.split(",").some((name) => name.trim() === SUBPROTOCOL);
    const protocol = isOffered ? SUBPROTOCOL : "";
    return { kind: "admitted", protocol, listener: this.#counted(key, { address, claims }) };
  }

  /** Whose request it is: the peer's, or that of the client a trusted proxy names. */
  clientOf(request: Request, peer: string | undefined): string | undefined {
    if (peer === undefined) return undefined;
    return this.proxies.clientOf(peer, request.headers.get("x-forwarded-for"));
  }

  #tooMany({ reason, retryAfterMs }: AddressRefusal): Response {
    this.#options.hub.errorRaised("too-many-connections");
    return problem(429, {
      code: "too-many-connections",
      detail: `Cannot connect: ${reason}`,
      headers: { "retry-after": `${Math.ceil(retryAfterMs / 1000)}` },
    });
  }

  /** The hub's listener, counted for its address from its opening to its end. */
  #counted(key: string | undefined, client: ClientOrigin): SocketListener {
    const listener = this.#options.hub.listener(client);
    let leave: (() => void) | undefined;
    return {
      onOpen: (socket) => {
        // It was looked at before the handshake; a burst of handshakes can still arrive together.
        if (this.addresses.isFull(key)) {
          this.#options.hub.errorRaised("too-many-connections");
          return socket.close(CLOSE_TRY_AGAIN_LATER, "too-many-connections");
        }
        leave = this.addresses.enter(key);
        listener.onOpen(socket);
      },
      onFrame: (text) => {
        if (leave !== undefined) listener.onFrame(text);
      },
      onBytes: (bytes) => {
        if (leave !== undefined) listener.onBytes(bytes);
      },
      onClosed: (end) => {
        if (leave === undefined) return;
        leave();
        listener.onClosed(end);
      },
    };
  }
}

/** The answer to a handshake that RFC 6455, section 4.2.1 does not allow. */
export function badHandshake(error: unknown): Response {
  const detail = `Cannot upgrade: ${error instanceof Error ? error.message : "bad handshake"}`;
  const headers = { "sec-websocket-version": "13" }; // RFC 6455, section 4.4.
  return problem(400, { code: "bad-handshake", detail, headers });
}
