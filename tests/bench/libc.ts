/**
 * The few calls of the C library that the load generator stands on: blocking sockets to this machine
 * and `epoll`, over Deno's FFI. `load.ts` alone uses them.
 *
 * Why not `Deno.connect`: each of its reads costs a promise and several microseconds, more than the
 * faster servers spend on a delivery, so the generator would measure itself. Linux only, as is the
 * reading of `/proc`.
 */
const AF_INET = 2;
const SOCK_STREAM = 1;
const IPPROTO_TCP = 6;
const TCP_NODELAY = 1;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
const EPOLL_CTL_ADD = 1;
const EPOLLIN = 1;
/** `struct epoll_event` is packed on x86-64 and padded elsewhere. */
const EVENT_BYTES = Deno.build.arch === "x86_64" ? 12 : 16;
const EVENT_DATA_OFFSET = EVENT_BYTES - 8;
const MAX_EVENTS = 512;

const { symbols: libc } = Deno.dlopen("libc.so.6", {
  socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
  connect: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  setsockopt: { parameters: ["i32", "i32", "i32", "buffer", "u32"], result: "i32" },
  send: { parameters: ["i32", "buffer", "usize", "i32"], result: "isize" },
  recv: { parameters: ["i32", "buffer", "usize", "i32"], result: "isize" },
  close: { parameters: ["i32"], result: "i32" },
  epoll_create1: { parameters: ["i32"], result: "i32" },
  epoll_ctl: { parameters: ["i32", "i32", "i32", "buffer"], result: "i32" },
  epoll_wait: { parameters: ["i32", "buffer", "i32", "i32"], result: "i32" },
});

/** Opens a TCP connection to `port` of this machine; throws when nobody listens. */
export function connect(port: number): number {
  const socket = libc.socket(AF_INET, SOCK_STREAM, 0);
  if (socket < 0) throw new Error("Cannot open a socket: too many open files?");
  libc.setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, new Uint8Array([1, 0, 0, 0]), 4);
  const address = new Uint8Array(16);
  new DataView(address.buffer).setUint16(0, AF_INET, true);
  address.set([port >> 8, port & 0xff, 127, 0, 0, 1], 2);
  if (libc.connect(socket, address, address.length) !== 0) {
    libc.close(socket);
    throw new Error(`Cannot connect to port ${port} of this machine`);
  }
  return socket;
}

/** Sends all of `bytes`, waiting for room in the socket's buffer. */
export function send(socket: number, bytes: Uint8Array<ArrayBuffer>): void {
  const sent = Number(libc.send(socket, bytes, BigInt(bytes.length), MSG_NOSIGNAL));
  if (sent !== bytes.length) throw new Error("Cannot send: the server closed the connection");
}

/** Reads what is there into `into`: a count of bytes, 0 at the end of the stream, -1 for nothing. */
export function receive(socket: number, into: Uint8Array<ArrayBuffer>): number {
  return Number(libc.recv(socket, into, BigInt(into.length), MSG_DONTWAIT));
}

/** Closes a socket or a poll. */
export function close(descriptor: number): void {
  libc.close(descriptor);
}

/** Waits for many sockets at once; each is known by a number of the caller's. */
export class Poll {
  readonly #descriptor = libc.epoll_create1(0);
  readonly #events = new Uint8Array(EVENT_BYTES * MAX_EVENTS);
  readonly #view = new DataView(this.#events.buffer);

  /** Watches `socket` for something to read, under the name `index`. */
  add(socket: number, index: number): void {
    const event = new Uint8Array(EVENT_BYTES);
    const view = new DataView(event.buffer);
    view.setUint32(0, EPOLLIN, true);
    view.setUint32(EVENT_DATA_OFFSET, index, true);
    if (libc.epoll_ctl(this.#descriptor, EPOLL_CTL_ADD, socket, event) !== 0) {
      throw new Error("Cannot watch a socket");
    }
  }

  /** Waits up to `timeoutMs` and calls `onReadable` for each socket that can be read. */
  wait(timeoutMs: number, onReadable: (index: number) => void): void {
    const count = libc.epoll_wait(this.#descriptor, this.#events, MAX_EVENTS, timeoutMs);
    for (let event = 0; event < count; event++) {
      onReadable(this.#view.getUint32(event * EVENT_BYTES + EVENT_DATA_OFFSET, true));
    }
  }

  /** Ends the watching; the sockets stay open. */
  close(): void {
    libc.close(this.#descriptor);
  }
}
