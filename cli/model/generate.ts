/**
 * Random steps, by fast-check: it draws them from a seed and makes them simpler when a schedule
 * fails. The weights lean towards rooms with somebody in them; most of what the server does is there.
 */
import fc, { type Arbitrary } from "fast-check";
import { MEDIA_ACTS, type RequestStep, type Step } from "./steps.ts";

/** How much there is to choose from. */
export type World = { readonly users: number; readonly rooms: number };

/** Any step of a world. */
export function stepIn({ users, rooms }: World): Arbitrary<Step> {
  const user = fc.nat({ max: users - 1 });
  const request = requestBy(user, { users, rooms });
  const weighted: { weight: number; arbitrary: Arbitrary<Step> }[] = [
    { weight: 300, arbitrary: request },
    {
      weight: 70,
      arbitrary: fc.record({ do: fc.constant("resume"), user, from: resumeFrom, anyway: rarely }),
    },
    { weight: 40, arbitrary: fc.record({ do: fc.constant("close"), user, how: closeHow }) },
    { weight: 15, arbitrary: fc.record({ do: fc.constant("garbage"), user, which: fc.nat(8) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("strikes"), user, which: fc.nat(8) }) },
    {
      weight: 30,
      arbitrary: fc.record({ do: fc.constant("show"), user, which: fc.nat(2), anyway: rarely }),
    },
    { weight: 15, arbitrary: fc.record({ do: fc.constant("stall"), user }) },
    { weight: 30, arbitrary: fc.record({ do: fc.constant("read-on"), user }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("grace") }) },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant("summary"), user, bitrateKbps: fc.nat(5_000) }),
    },
    {
      weight: 60,
      arbitrary: fc.record({
        do: fc.constant("together"),
        steps: fc.array(request, { minLength: 2, maxLength: 4 }),
      }),
    },
  ] as { weight: number; arbitrary: Arbitrary<Step> }[]; // The records are steps.
  return fc.oneof(...weighted);
}

const rarely = fc.nat({ max: 15 }).map((value) => value === 15);
const half = fc.boolean();
const resumeFrom = fc.constantFrom("latest", "latest", "latest", "behind", "start", "beyond");
const closeHow = fc.constantFrom("done", "drop", "drop", "give up");

function requestBy(user: Arbitrary<number>, { users, rooms }: World): Arbitrary<RequestStep> {
  const target = fc.nat({ max: users - 1 });
  const asks = fc.nat({ max: 3 }).map((value) => value > 0);
  const to = fc.option(target, { nil: undefined, freq: 3 });
  const step = (names: readonly string[], fields: Record<string, Arbitrary<unknown>>) =>
    fc.record({ do: fc.constantFrom(...names), user, ...fields, asks, anyway: rarely });
  const passcode = oftenFirst("none", "right", "wrong");
  const hostKey = oftenFirst("none", "right", "wrong");
  const join = (room: Arbitrary<number>, shows: Record<string, Arbitrary<unknown>>) =>
    user.chain((user) =>
      fc.record({
        do: fc.constant("join"),
        user: fc.constant(user),
        room,
        as: fc.oneof({ weight: 9, arbitrary: fc.constant(user) }, { weight: 1, arbitrary: target }),
        role: fc.constantFrom("participant", "participant", "viewer", "viewer", "broadcaster"),
        resumable: half,
        relay: half,
        ...shows,
        asks,
        anyway: rarely,
      })
    );
  const weighted = [
    { weight: 22, arbitrary: join(fc.nat({ max: rooms - 1 }), { passcode, hostKey }) },
    { weight: 7, arbitrary: join(fc.constant(rooms), { passcode: secret, hostKey: secret }) },
    { weight: 8, arbitrary: step(["leave"], { wrong: rarely }) },
    {
      weight: 10,
      arbitrary: step(["offer", "answer", "ice-candidate"], { to: target, forged: rarely }),
    },
    {
      weight: 18,
      arbitrary: step(["chat", "chat", "data"], { text: fc.nat(5), to, forged: rarely }),
    },
    {
      weight: 6,
      arbitrary: step(["state"], {
        kind: fc.constantFrom("audio", "video", "screen", "hand"),
        on: half,
      }),
    },
    { weight: 3, arbitrary: step(["stats"], { bitrateKbps: fc.integer({ min: 1, max: 5_000 }) }) },
    { weight: 3, arbitrary: step(MEDIA_ACTS, {}) },
    {
      weight: 14,
      arbitrary: step(["request-relay"], {
        to,
        active: fc.nat({ max: 3 }).map((value) => value > 0),
        elsewhere: rarely,
      }),
    },
    { weight: 3, arbitrary: step(["kick"], { target }) },
    { weight: 4, arbitrary: step(["mute"], { target }) },
    { weight: 10, arbitrary: step(["admit", "admit", "deny"], { target }) },
    { weight: 2, arbitrary: step(["lock"], { on: half }) },
    { weight: 3, arbitrary: step(["lobby"], { on: half }) },
    { weight: 1, arbitrary: step(["end-room"], {}) },
    {
      weight: 3,
      arbitrary: step(["create-room"], {
        kind: fc.constantFrom("meeting", "live"),
        lobby: half,
        passcode: fc.nat({ max: 3 }).map((value) => value === 3),
      }),
    },
  ] as { weight: number; arbitrary: Arbitrary<RequestStep> }[]; // The records are steps.
  return fc.oneof(...weighted);
}

/** Shown to a room that may demand it. */
const secret = fc.constantFrom("none", "right", "right", "wrong");

/** Mostly the first of the values. */
function oftenFirst(first: string, ...others: string[]): Arbitrary<string> {
  return fc.oneof(
    { weight: 24, arbitrary: fc.constant(first) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );
}
