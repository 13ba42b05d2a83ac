/**
 * A process with transports of the native addon, for `transport_lab.ts`: one line in is one command,
 * one line out its result. The addon may be used by one isolate of a process only, and ends the
 * process where something is wrong, so the tests of it stand outside.
 */
import { type Logger, systemClock } from "../../src/base/mod.ts";
import { makeCertificate } from "../../src/media/child/certificate.ts";
import { NativeClients, NativeTransports } from "../../src/media/child/native.ts";
import { RelayedPort } from "../../src/media/child/relayed_port.ts";
import { readLines } from "../../src/media/ipc/lines.ts";
import { MediaError } from "../../src/media/port.ts";
import type { ServerParameters } from "../../src/media/child/stub_offer.ts";
import type {
  Transport,
  TransportEvents,
  TransportOptions,
} from "../../src/media/sfu/transport.ts";
import { FakeClock } from "./fake_clock.ts";
import { NativePeer } from "./native_peer.ts";

/** Packets of a browser come by the thousand; the first ones are enough. */
const MAX_EVENTS = 100;

/** A logger of faults. */
const log: Logger = { debug() {}, info() {}, warn() {}, error: note };

type Held = { readonly transport: Transport; readonly events: string[] };

const faults: string[] = [];
const held = new Map<string, Held>();
const peers = new Map<string, NativePeer>();
/** Of the transports: what has to come about in time is up to the test. */
const clock = new FakeClock();
let transports: NativeTransports | undefined;
let clients: NativeClients | undefined;

/** Every command, with what it takes. */
const commands = {
  async open(
    { port, bindAddress, relayedPort }: {
      port: number;
      bindAddress?: string;
      relayedPort?: number;
    },
  ) {
    const address = bindAddress ?? "127.0.0.1";
    const relayed = relayedPort === undefined ? undefined : await RelayedPort.open({
      port: relayedPort,
      target: port,
      addresses: [address],
      bindAddress,
      clock: systemClock,
    });
    transports = await NativeTransports.open({
      port,
      bindAddress,
      certificate: await makeCertificate(),
      candidates: [{ address, port, priority: 2_130_706_431 }, ...(relayed?.candidates ?? [])],
      credentials: relayed,
      log,
      clock,
    });
  },
  /** What a description says of us. */
  shown: () => ({ fingerprint: transports!.fingerprint, candidates: transports!.candidates }),
  create({ id, options, fault }: { id: string; options: TransportOptions; fault?: string }) {
    hold(id, fault, (events) => transports!.create(options, events));
  },
  /** Connects a transport to a client of the addon, which is held as `client of <id>`. */
  async client({ id, fault }: { id: string; fault?: string }) {
    clients ??= new NativeClients({ certificate: await makeCertificate(), log });
    const { fingerprint } = clients;
    const local = { usernameFragment: `far${id}`, password: "f".repeat(24) };
    const server = { usernameFragment: `frag${id}`, password: "p".repeat(24) };
    const remote = { ...local, fingerprint, setup: "active" as const };
    commands.create({ id, options: { local: server, remote, hasData: false } });
    const shown = commands.shown();
    const described = { local, remote: { ...server, ...shown } };
    hold(`client of ${id}`, fault, (events) => clients!.connect(described, events));
  },
  /** Has a client connect to what a description of a server says. */
  async connectTo({ remote }: { remote: ServerParameters }) {
    clients ??= new NativeClients({ certificate: await makeCertificate(), log });
    const local = { usernameFragment: "mine", password: "f".repeat(24) };
    hold("client", undefined, (events) => clients!.connect({ local, remote }, events));
  },
  /** Connects a transport to a peer of this process. */
  async pair({ id, hasData, fault }: { id: string; hasData: boolean; fault?: string }) {
    const peer = new NativePeer(id, hasData);
    peers.set(id, peer);
    const local = { usernameFragment: `frag${id}`, password: "p".repeat(24) };
    const remote = { ...peer.parameters, setup: "actpass" as const };
    commands.create({
      id,
      options: { local, remote, hasData },
      ...(fault === undefined ? {} : { fault }),
    });
    const { fingerprint, candidates } = transports!;
    await peer.connect({ ice: local, fingerprint, port: candidates[0]!.port });
  },
  events: ({ id }: { id: string }) => held.get(id)!.events,
  faults: () => faults,
  isOpen: ({ id }: { id: string }) => held.get(id)!.transport.isOpen,
  send: ({ id, bytes }: { id: string; bytes: string }) =>
    held.get(id)!.transport.send(Uint8Array.fromHex(bytes)),
  sendMessage: ({ id, text }: { id: string; text: string }) =>
    held.get(id)!.transport.sendMessage(new TextEncoder().encode(text)),
  bufferedAmount: ({ id }: { id: string }) => held.get(id)!.transport.bufferedAmount,
  peerSend: ({ id, bytes }: { id: string; bytes: string }) =>
    peers.get(id)!.send(Uint8Array.fromHex(bytes)),
  peerSay: ({ id, text }: { id: string; text: string }) => peers.get(id)!.say(text),
  peerHeard: ({ id }: { id: string }) => peers.get(id)!.heard,
  peerClose: ({ id }: { id: string }) => peers.get(id)!.close(),
  close: ({ id }: { id: string }) => held.get(id)!.transport.close(),
  size: () => transports!.size,
  advance: ({ ms }: { ms: number }) => clock.advance(ms),
  timers: () => clock.pending,
  /** Collects what nobody references: a wrapper that is lost ends its native object. */
  collect: () => (globalThis as { gc?: () => void }).gc?.(),
  /** Opens and closes, most of them before anything has come of it. */
  async churn({ count }: { count: number }) {
    const fingerprint = { algorithm: "sha-256", value: Array(32).fill("0A").join(":") };
    for (let n = 0; n < count; n++) {
      commands.create({
        id: `churn${n}`,
        options: {
          local: { usernameFragment: `churn${n}`, password: "q".repeat(22) },
          remote: {
            usernameFragment: `far${n}`,
            password: "r".repeat(22),
            fingerprint,
            setup: "active",
          },
          hasData: n % 2 === 0,
        },
      });
      if (n % 3 !== 0) commands.close({ id: `churn${n}` });
      if (n % 10 === 0) await new Promise<void>((resolve) => systemClock.afterTurn(resolve));
    }
    for (let n = 0; n < count; n++) commands.close({ id: `churn${n}` });
  },
  /** Creates from texts of random characters; returns how many were refused, and how many were not. */
  fuzz({ count }: { count: number }) {
    let refused = 0;
    for (let n = 0; n < count; n++) {
      const options: TransportOptions = {
        local: { usernameFragment: oddText(n, 8), password: oddText(n + 1, 24) },
        remote: {
          usernameFragment: oddText(n + 2, 8),
          password: oddText(n + 3, 24),
          fingerprint: n % 2 === 0
            ? { algorithm: "sha-256", value: Array(32).fill("0A").join(":") }
            : { algorithm: oddText(n, 7), value: oddText(n, 95) },
          setup: n % 3 === 0 ? "actpass" : "active",
        },
        hasData: n % 5 === 0,
      };
      try {
        commands.create({ id: `odd${n}`, options });
        commands.close({ id: `odd${n}` });
      } catch (error) {
        if (!(error instanceof MediaError)) throw error;
        refused++;
      }
    }
    return { refused, taken: count - refused };
  },
  end: () => transports!.close(),
  endClients: () => clients!.close(),
};

function hold(
  id: string,
  fault: string | undefined,
  create: (events: TransportEvents) => Transport,
): void {
  const events: string[] = [];
  const told = (event: string) => {
    if (events.length < MAX_EVENTS || !event.startsWith("packet")) events.push(event);
    if (event.startsWith(fault ?? "\0")) throw new Error(`a fault in ${event}`);
  };
  const transport = create({
    opened: () => told("opened"),
    packet: (bytes) => told(`packet ${bytes.toHex()}`),
    message: (bytes) => told(`message ${new TextDecoder().decode(bytes)}`),
    drained: () => told("drained"),
    closed: (reason) => told(`closed ${reason}`),
  });
  held.set(id, { transport, events });
}

for await (const line of readLines(Deno.stdin.readable, 1_000_000)) {
  const { name, ask } = JSON.parse(line) as { name: keyof typeof commands; ask: never };
  let result: object;
  try {
    result = { value: await commands[name](ask) ?? null };
  } catch (error) {
    const code = error instanceof MediaError ? error.code : undefined;
    result = { error: `${error instanceof Error ? error.message : error}`, code };
  }
  await Deno.stdout.write(new TextEncoder().encode(`${JSON.stringify(result)}\n`));
}
Deno.exit(0);

function note(message: string, { name, error }: Record<string, unknown> = {}): void {
  faults.push(`${message} ${name} ${error instanceof Error ? error.message : error}`);
}

/** A text that mostly would do, of about that length. */
function oddText(n: number, length: number): string {
  const odd = ["", "\0", "\r\na=x:y", " ", "\u00e9", "%n%s", "x".repeat(300), "\ud800"];
  const [choice = 0, at = 0] = crypto.getRandomValues(new Uint8Array(2));
  const good = `${n}`.padEnd(length, "a+/Z");
  if (choice % 4 > 0) return good;
  return good.slice(0, at % length) + odd[at % odd.length] + good.slice(at % length);
}
