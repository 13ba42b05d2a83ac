/** Who is heard, from levels as packets bring them. */
import assert from "node:assert/strict";
import {
  LEAST_PERIOD_MS,
  MAX_SPEAKERS,
  Speakers,
  type Voice,
} from "../../../src/media/sfu/speakers.ts";
import { parseUserId, type UserId } from "../../../src/protocol/mod.ts";

const TICK_MS = 100;
const PACKET_MS = 20;
/** What a silent client says. */
const SILENT = 127;

/** What one tells for a while: a level, and whether it is called a voice. */
type Said = { level: number; isVoice?: boolean };

Deno.test("[SP1] Speakers.tick names who speaks, loudest first, once", () => {
  const room = new Room("ann", "bob", "eve");

  room.run(2_000, { ann: { level: 30 }, bob: { level: 20 }, eve: { level: SILENT } });

  assert.deepEqual(room.lists.at(-1)!.map(({ userId }) => userId), ["bob", "ann"]);
  assert.equal(room.lists.length, 1);
});

Deno.test("[SP1] Speakers.tick gives levels on the scale of the browser, 1 is overload", () => {
  const room = new Room("ann", "bob");
  room.run(5_000, { ann: { level: 20 } });
  room.run(5_000, { ann: { level: 20 }, bob: { level: 0 } });

  const [first, second] = room.lists.at(-1)!;

  assert.ok(first!.level > 0.3 && first!.level <= 1, `${first!.level}`);
  assert.ok(Math.abs(second!.level - 0.1) < 0.005, `${second!.level}`);
});

Deno.test("[SP1] Speakers.tick empties the list when everybody is silent, and tells it once", () => {
  const room = new Room("ann");
  room.run(2_000, { ann: { level: 25 } });

  room.run(3_000, { ann: { level: SILENT } });
  assert.deepEqual(room.lists.at(-1), []);

  const told = room.lists.length;
  room.run(3_000, { ann: { level: SILENT } });
  assert.equal(room.lists.length, told);
});

Deno.test("[SP1] Speakers.tick takes who sends nothing any more for silent", () => {
  const room = new Room("ann");
  room.run(2_000, { ann: { level: 25 } });

  room.run(3_000, {});

  assert.deepEqual(room.lists.at(-1), []);
});

Deno.test("[SP1] Speakers.tick tells at most twice a second", () => {
  const room = new Room("ann", "bob", "eve");
  const everybody = { ann: { level: 20 }, bob: { level: 20 }, eve: { level: 20 } };
  for (let n = 0; n < 40; n++) {
    const one = ["ann", "bob", "eve"][n % 3]!;
    room.run(600, n % 2 === 0 ? everybody : { [one]: { level: 5 } });
  }

  const gaps = room.toldAt.slice(1).map((at, index) => at - room.toldAt[index]!);

  assert.ok(gaps.length > 5, `${gaps.length} lists`);
  assert.ok(gaps.every((gap) => gap >= LEAST_PERIOD_MS), `${gaps}`);
});

Deno.test("[SP1] Speakers.tick names five at most", () => {
  const names = Array.from({ length: 9 }, (_, n) => `user-${n}`);
  const room = new Room(...names);

  room.run(2_000, Object.fromEntries(names.map((name) => [name, { level: 25 }])));

  assert.equal(room.lists.at(-1)!.length, MAX_SPEAKERS);
});

/** What somebody does beside ann who speaks, and the list after it. */
const beside: [what: string, ms: number, said: Said, list: string[]][] = [
  ["coughs", 240, { level: 0 }, ["ann"]],
  ["breathes", 3_000, { level: 60 }, ["ann"]],
  ["has a fan that is called no voice", 3_000, { level: 45, isVoice: false }, ["ann"]],
  ["speaks and its client calls nothing a voice", 3_000, { level: 32, isVoice: false }, [
    "ann",
    "bob",
  ]],
  ["speaks as loudly", 3_000, { level: 25 }, ["ann", "bob"]],
  ["speaks a little louder", 3_000, { level: 23 }, ["ann", "bob"]],
  ["speaks much louder", 3_000, { level: 15 }, ["bob", "ann"]],
];
for (const [what, ms, said, list] of beside) {
  Deno.test(`[SP1] Speakers.tick while ann speaks and bob ${what}: ${list}`, () => {
    const room = new Room("ann", "bob");
    room.run(3_000, { ann: { level: 25 }, bob: { level: SILENT } });

    room.run(ms, { ann: { level: 25 }, bob: said });
    room.run(100, { ann: { level: 25 }, bob: { level: SILENT } });

    assert.deepEqual(room.lists.at(-1)!.map(({ userId }) => userId), list);
  });
}

Deno.test("[SP1] Speakers.tick keeps the order of two who are about as loud in turns", () => {
  const room = new Room("ann", "bob");
  for (let n = 0; n < 20; n++) {
    const [ann, bob] = n % 2 === 0 ? [24, 26] : [26, 24];
    room.run(700, { ann: { level: ann }, bob: { level: bob } });
  }

  assert.equal(room.lists.length, 1);
});

Deno.test("Speakers.tick bridges a gap that the path made, and the packets after it", () => {
  const room = new Room("ann");
  room.run(3_000, { ann: { level: 25 } });

  for (let n = 0; n < 10; n++) {
    room.run(150, {});
    for (let packet = 0; packet < 8; packet++) room.hear("ann", { level: 25 });
  }

  assert.equal(room.lists.length, 1);
});

Deno.test("Speakers.rank knows who spoke last, and that one who never did", () => {
  const room = new Room("ann", "bob", "eve");
  room.run(1_500, { ann: { level: 25 } });
  room.run(3_000, { bob: { level: 25 } });
  room.run(3_000, {});

  const [ann, bob, eve] = room.ids.map((id) => room.speakers.rank(id));

  assert.ok(bob! > ann! && ann! > 0, `${ann} ${bob}`);
  assert.deepEqual([eve, room.speakers.rank(idOf("stranger"))], [-1, -1]);
});

Deno.test("Speakers.remove takes somebody off the list, and its voice says nothing any more", () => {
  const room = new Room("ann", "bob");
  room.run(2_000, { ann: { level: 25 }, bob: { level: 30 } });

  room.speakers.remove(idOf("ann"));
  room.run(2_000, { ann: { level: 5 }, bob: { level: 30 } });

  assert.deepEqual(room.lists.at(-1)!.map(({ userId }) => userId), ["bob"]);
  assert.equal(room.speakers.rank(idOf("ann")), -1);
});

Deno.test("Speakers.add gives the same voice twice, and a new one after remove", () => {
  const speakers = new Speakers();
  const voice = speakers.add(idOf("ann"));

  assert.equal(speakers.add(idOf("ann")), voice);
  speakers.remove(idOf("ann"));
  assert.notEqual(speakers.add(idOf("ann")), voice);
});

Deno.test("Speakers.level takes what is no level for silence", () => {
  const speakers = new Speakers();
  const voice = speakers.add(idOf("ann"));

  for (let at = 0; at <= 3_000; at += TICK_MS) {
    for (const level of [-1, 128, NaN, Infinity]) speakers.level(voice, level, true, at);
    assert.equal(speakers.tick(at), undefined);
  }
});

Deno.test("Speakers.tick twice at one moment, or backwards, changes nothing", () => {
  const room = new Room("ann");
  room.run(2_000, { ann: { level: 25 } });

  assert.equal(room.speakers.tick(2_000), undefined);
  assert.equal(room.speakers.tick(0), undefined);
});

/** A room whose clock runs in ticks, with a packet of each that says something every 20 ms. */
class Room {
  readonly speakers = new Speakers();
  readonly ids: UserId[];
  readonly lists: { userId: UserId; level: number }[][] = [];
  readonly toldAt: number[] = [];
  readonly #voices: Map<string, Voice>;
  #at = 0;

  constructor(...names: string[]) {
    this.ids = names.map(idOf);
    this.#voices = new Map(this.ids.map((id) => [id, this.speakers.add(id)]));
  }

  run(ms: number, said: Record<string, Said>): void {
    for (const end = this.#at + ms; this.#at < end;) {
      this.#at += PACKET_MS;
      for (const [name, one] of Object.entries(said)) this.hear(name, one);
      if (this.#at % TICK_MS !== 0) continue;
      const list = this.speakers.tick(this.#at);
      if (list === undefined) continue;
      this.lists.push([...list]);
      this.toldAt.push(this.#at);
    }
  }

  hear(name: string, { level, isVoice = true }: Said): void {
    this.speakers.level(this.#voices.get(name)!, level, isVoice, this.#at);
  }
}

function idOf(name: string): UserId {
  return parseUserId(name)!;
}
