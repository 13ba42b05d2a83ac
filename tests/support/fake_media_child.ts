/**
 * A media process without the addon: the real protocol, rooms in memory, and whatever can be wrong
 * with a process, when a participant of a certain name comes. For the tests of the host.
 */
import { type Logger, systemClock } from "../../src/base/mod.ts";
import { runProcess } from "../../src/media/child/run_process.ts";
import type { SfuRooms } from "../../src/media/child/sfu_rooms.ts";
import { FakeMediaRoom } from "../../src/media/fake/fake_media_room.ts";
import type { StartOptions } from "../../src/media/ipc/messages.ts";
import { MediaError } from "../../src/media/port.ts";

/** Ports that mean something. */
export const PORTS = { refuses: 1, exits: 2, isSlow: 3, ignoresSignals: 4 } as const;

/** What participants of these names do. */
const troubles: Record<string, (log: Logger) => void> = {
  "crash": () => {
    Deno.stderr.writeSync(new TextEncoder().encode("terminate called: a fault of ours\n"));
    Deno.exit(3);
  },
  "hang": () => {
    for (;;) systemClock.now();
  },
  "garbage": () => {
    Deno.stdout.writeSync(new TextEncoder().encode("thread 'main' panicked\n"));
  },
  "flood": () => {
    const bytes = new Uint8Array(1_000_000).fill(120);
    for (let n = 0; n < 20; n++) Deno.stdout.writeSync(bytes);
  },
  "fault": (log) => {
    log.error("told by the process", { userId: "fault" });
    throw new TypeError("a fault");
  },
};

if (import.meta.main) await runProcess(start);

async function start({ port }: StartOptions, log: Logger): Promise<SfuRooms> {
  if (port === PORTS.refuses) throw new MediaError("unavailable", "Cannot use UDP port 1: taken");
  if (port === PORTS.exits) Deno.exit(7);
  if (port === PORTS.isSlow) {
    await new Promise<void>((resolve) => systemClock.after(300, resolve));
  }
  if (port === PORTS.ignoresSignals) {
    // It never stops, whatever it is told: its exit does nothing.
    Deno.exit = (() => new Promise(() => {})) as unknown as typeof Deno.exit;
  }
  const rooms = new Set<FakeMediaRoom>();
  return {
    get connectionCount() {
      return [...rooms].reduce((count, room) => count + room.connectionCount, 0);
    },
    open(roomId, events) {
      const room = new FakeMediaRoom(roomId, { events, canRecord: true });
      rooms.add(room);
      return {
        addParticipant(userId) {
          troubles[userId]?.(log);
          room.addParticipant(userId);
        },
        removeParticipant: (userId) => room.removeParticipant(userId),
        publish: (userId, request) => room.publish(userId, request),
        answer: (userId, answer) => room.answer(userId, answer),
        restartSubscription: (userId) => room.restartSubscription(userId),
        subscribe: (userId, wish) => room.subscribe(userId, wish),
        view: (userId, request) => room.view(userId, request),
        stats: (of) => room.state(of),
        startRecording: (options) => room.startRecording(options),
        stopRecording: () => room.stopRecording(),
        capture: (userId, options) => room.capture(userId, options),
        close: () => room.close(),
      };
    },
    close() {},
  };
}
