/**
 * A process with transports from participant to participant, for `native_peers_test.ts`: does what its
 * first argument names and prints what came of it as JSON. See `transport_lab_program.ts`.
 */
import { silentLogger } from "../../src/base/mod.ts";
import { makeCertificate } from "../../src/media/child/certificate.ts";
import {
  NativePeers,
  type PeerEvents,
  type PeerTransport,
} from "../../src/media/child/native_peers.ts";
import { createIceParameters } from "../../src/media/sfu/credentials.ts";
import type { IceParameters } from "../../src/media/sfu/transport.ts";
import { waitUntil } from "./wait_until.ts";

const PACKET = Uint8Array.from([0x80, 96, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 7, 7, 7]);

/** One end, with what it was told. */
type End = {
  readonly peers: NativePeers;
  readonly local: IceParameters;
  readonly told: string[];
  readonly candidates: (string | undefined)[];
  transport: PeerTransport | undefined;
};

const scenes: Record<string, () => Promise<unknown>> = {
  async connect() {
    const [one, other] = await connected();
    await waitUntil(() => {
      one.transport!.send(PACKET);
      other.transport!.send(PACKET);
      const isThere = [one, other].every(({ told }) => told.includes("packet"));
      return isThere ? undefined : "no packet";
    });
    return {
      types: [one.transport!.candidateTypes, other.transport!.candidateTypes],
      hasEnd: [one, other].every(({ candidates }) => candidates.at(-1) === undefined),
      first: one.candidates[0],
    };
  },

  async close() {
    const [one] = await connected();
    one.transport!.close();
    one.transport!.close();
    return {
      told: one.told,
      sent: one.transport!.send(PACKET),
      types: one.transport!.candidateTypes ?? null,
    };
  },

  async refuse() {
    const { peers, local } = await makeEnd();
    const { fingerprint } = peers;
    const good = { ...createIceParameters(), fingerprint, setup: "actpass" as const };
    const attempts = [
      () => peers.connect({ local, iceServers: [], offer: { ...good, password: "x" } }, events()),
      () => peers.connect({ local: { ...local, password: "x" }, iceServers: [] }, events()),
      () => {
        const transport = peers.connect({ local, iceServers: [] }, events());
        transport.addCandidate("candidate:1 1 udp 1 example.local 5000 typ host");
        transport.addCandidate("nonsense");
        transport.accept({ ...good, fingerprint: { algorithm: "md5", value: "00" } });
      },
      () => {
        const transport = peers.connect({ local, iceServers: [] }, events());
        transport.accept(good);
      },
    ];
    return await Promise.resolve(attempts.map((attempt) => {
      try {
        attempt();
        return "taken";
      } catch (error) {
        return (error as { code?: string }).code;
      }
    }));
  },
};

async function connected(): Promise<[End, End]> {
  const [one, other] = [await makeEnd(), await makeEnd()];
  const { fingerprint } = one.peers;
  one.transport = one.peers.connect({ local: one.local, iceServers: [] }, eventsOf(one, other));
  other.transport = other.peers.connect(
    {
      local: other.local,
      iceServers: [],
      offer: { ...one.local, fingerprint, setup: "actpass" },
    },
    eventsOf(other, one),
  );
  for (const candidate of one.candidates) other.transport.addCandidate(candidate ?? "");
  one.transport.accept({ ...other.local, fingerprint: other.peers.fingerprint, setup: "active" });
  await waitUntil(() =>
    one.transport!.isOpen && other.transport!.isOpen ? undefined : "not connected"
  );
  return [one, other];
}

async function makeEnd(): Promise<End> {
  const peers = new NativePeers({ certificate: await makeCertificate(), log: silentLogger });
  return { peers, local: createIceParameters(), told: [], candidates: [], transport: undefined };
}

function eventsOf(end: End, other: End): PeerEvents {
  return {
    ...events(),
    packet: () => end.told.push("packet"),
    closed: (reason) => end.told.push(`closed ${reason}`),
    candidate: (candidate) => {
      end.candidates.push(candidate);
      if (candidate !== undefined) other.transport?.addCandidate(candidate);
    },
  };
}

function events(): PeerEvents {
  return {
    ...{ opened() {}, packet() {}, message() {}, drained() {}, closed() {}, candidate() {} },
  };
}

// deno-lint-ignore no-console -- what the process is for
console.log(JSON.stringify(await scenes[Deno.args[0]!]!()));
Deno.exit(0); // The addon would keep the process.
