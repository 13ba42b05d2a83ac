/**
 * Environment, console, time and the outside world each enter through one file, so that tests can
 * replace them. Fails naming file, line and word.
 */
import assert from "node:assert/strict";
import { placesOf, readSources, type Source } from "./source.ts";

/** A word, where it counts, and the files that may say it. */
type Door = { word: RegExp; within: RegExp; allowed: readonly string[] };

const doors: Record<string, Door> = {
  "the environment": {
    word: /\bDeno\.env\b|\bprocess\.env\b/,
    within: /^(src|cli|static)\/|^server\.ts$/,
    allowed: ["src/config.ts", "server.ts", "cli/main.ts"],
  },
  "the console": {
    word: /\bconsole\.\w+|\bgetConsoleSink\b/,
    within: /^(src|cli)\/|^server\.ts$/,
    allowed: ["src/base/log.ts"],
  },
  "timers and dates": {
    word:
      /\bset(Timeout|Interval|Immediate)\(|\bDate\.now\b|\bnew Date\b|\bperformance\.now\b|\bAbortSignal\.timeout\(|"node:timers/,
    within: /^src\//,
    allowed: ["src/base/clock.ts"],
  },
  "randomness": {
    word: /\bMath\.random\b|\bgetRandomValues\b|\brandomUUID\b/,
    within: /^src\//,
    allowed: ["src/base/random.ts"],
  },
  "the native addon": {
    word: /"node-datachannel"/,
    within: /^(src|cli|static)\//,
    allowed: ["src/media/child/native.ts"],
  },
  "Deno, in the wire and the domain": {
    word: /\bDeno\.\w+/,
    within: /^src\/(protocol|rooms)\//,
    allowed: [],
  },
  "sockets and frames, in the domain": {
    word: /\bWebSocket\b|\bJSON\.parse\b/,
    within: /^src\/rooms\//,
    allowed: [],
  },
};

const sources = await readSources();

for (const [what, door] of Object.entries(doors)) {
  Deno.test(`${what}: one door each, and only its own file uses it`, () => {
    assert.deepEqual(trespasses(sources, door), []);
  });

  Deno.test(`${what}: a file that is not the door is named`, () => {
    const [path, word] = examples[what]!;
    const source = { path, text: `/** A file. */\n\nexport const x = ${word};\n` };

    assert.match(trespasses([source], door)[0] ?? "nothing", RegExp(`^${path}:3: `));
  });
}

Deno.test("the terminal writes through one file of its own", () => {
  assert.deepEqual(writers(sources).slice(1), []);
});

Deno.test("the terminal's second writer is named", () => {
  const text = "await Deno.stdout.write(bytes);";
  const two = [{ path: "cli/a.ts", text }, { path: "cli/b.ts", text }, { path: "src/c.ts", text }];

  assert.deepEqual(writers(two), ["cli/a.ts", "cli/b.ts"]);
});

/** A place and a word that each door must refuse. */
const examples: Record<string, readonly [path: string, word: string]> = {
  "the environment": ["src/http/routes.ts", 'Deno.env.get("PORT")'],
  "the console": ["src/rooms/room.ts", 'console.log("x")'],
  "timers and dates": ["src/rooms/room.ts", "new Date()"],
  "randomness": ["src/rooms/room_codes.ts", "Math.random()"],
  "the native addon": ["src/media/sfu/room.ts", 'await import("node-datachannel")'],
  "Deno, in the wire and the domain": ["src/protocol/decode.ts", 'Deno.readTextFile("x")'],
  "sockets and frames, in the domain": ["src/rooms/room.ts", "JSON.parse(x)"],
};

function trespasses(all: readonly Source[], { word, within, allowed }: Door): string[] {
  return all
    .filter(({ path }) => within.test(path) && !allowed.includes(path))
    .flatMap((source) => placesOf(source, word));
}

function writers(all: readonly Source[]): string[] {
  const word = /\b(Deno|process)\.(stdout|stderr)\b/;
  return all
    .filter((source) => source.path.startsWith("cli/") && placesOf(source, word).length > 0)
    .map(({ path }) => path);
}
