/** The log: what is written, what is hidden, and where it goes. */
// deno-lint-ignore-file no-console -- one test listens to the console
import assert from "node:assert/strict";
import {
  closeLog,
  logger,
  type LogLevel,
  openLog,
  print,
  printError,
  silentLogger,
} from "../../src/base/mod.ts";

Deno.test("openLog writes events as JSON lines to the file", async () => {
  const [lines] = await written("debug", () => {
    logger("rooms").info("room created", { roomId: "test", participants: 2 });
    logger("signaling").warn("frame refused", { code: "bad-message" });
  });

  assert.equal(lines!.length, 2);
  const { "@timestamp": time, ...first } = lines![0]!;
  assert.ok(Math.abs(Date.parse(String(time)) - Date.now()) < 60_000);
  assert.deepEqual(first, {
    level: "INFO",
    logger: "signalbox.rooms",
    message: "room created",
    roomId: "test",
    participants: 2,
  });
  assert.equal(lines![1]!.code, "bad-message");
});

Deno.test("openLog writes only events of its level and graver ones", async () => {
  const levels: Record<LogLevel, string[]> = {
    debug: ["DEBUG", "INFO", "WARN", "ERROR"],
    info: ["INFO", "WARN", "ERROR"],
    warning: ["WARN", "ERROR"],
    error: ["ERROR"],
  };

  for (const [level, expected] of Object.entries(levels)) {
    const [lines] = await written(level as LogLevel, () => {
      const part = logger("rooms");
      part.debug("one");
      part.info("two");
      part.warn("three");
      part.error("four");
    });
    assert.deepEqual(lines!.map((line) => line.level), expected, level);
  }
});

Deno.test("openLog hides secrets and session descriptions, however deep and at every level", async () => {
  const secrets = {
    token: "hidden",
    passcode: "hidden",
    secret: ["hidden"],
    description: { type: "offer", sdp: "hidden" },
    sdp: "hidden",
    candidate: { candidate: "hidden" },
  };

  const [lines, text] = await written("debug", () => {
    logger("a").debug("top", { ...secrets, roomId: "test" });
    logger("a").error("nested", { message: { to: "bob", ...secrets }, list: [[secrets]] });
  });

  assert.doesNotMatch(text, /hidden/);
  assert.deepEqual([lines![0]!.token, lines![0]!.roomId], ["[redacted]", "test"]);
  assert.deepEqual(Object.keys(lines![0]!).slice(-7), [...Object.keys(secrets), "roomId"]);
});

Deno.test("openLog does not fill braces of a message with fields", async () => {
  const [lines, text] = await written("debug", () => {
    logger("a").info("got {token} from {name} {{x}}", { token: "hidden", name: "Ann" });
  });

  assert.equal(lines![0]!.message, "got {token} from {name} {{x}}");
  assert.doesNotMatch(text, /hidden/);
});

Deno.test("openLog keeps a line's own level, message and logger when fields have their names", async () => {
  const [lines] = await written("debug", () => {
    logger("rooms").info("refused", { level: "x", message: "y", logger: "z", "@timestamp": 0 });
  });

  const line = lines![0]!;
  assert.deepEqual([line.level, line.message, line.logger], ["INFO", "refused", "signalbox.rooms"]);
  assert.deepEqual([line["field.level"], line["field.message"]], ["x", "y"]);
});

Deno.test("openLog writes one line an event, whatever stands in its fields", async () => {
  const cycle: Record<string, unknown> = { name: "a\nb\u2028c" };
  cycle.self = cycle;

  const [lines] = await written("debug", () => {
    logger("a").info("odd", { cycle, text: 'x\n{"level":"ERROR"}', nothing: undefined });
    logger("a").error("fault", { error: new TypeError("boom") });
  });

  assert.equal(lines!.length, 2);
  assert.match(JSON.stringify(lines![0]), /\[deep\]/);
  assert.match(JSON.stringify(lines![1]!.error), /boom/);
});

Deno.test("openLog rotates a full file to .1, .2, .3 and drops what is older", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const file = `${directory}/server.jsonl`;
    const blob = "x".repeat(1024 * 1024);
    await Deno.writeTextFile(file, "");
    // Each opening counts the file anew; eleven megabytes an opening are beyond the bound.
    for (let round = 0; round < 6; round++) {
      await openLog({ level: "info", file });
      for (let count = 0; count < 11; count++) logger("a").info("big", { round, blob });
      await closeLog();
    }

    const names = [...Deno.readDirSync(directory)].map(({ name }) => name).sort();

    const expected = ["server.jsonl", "server.jsonl.1", "server.jsonl.2", "server.jsonl.3"];
    assert.deepEqual(names, expected);
    const newest = JSON.parse((await Deno.readTextFile(file)).split("\n")[0]!);
    assert.equal(newest.round, 5);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("openLog goes on writing at the end of a file that exists", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const file = `${directory}/server.jsonl`;
    for (const message of ["first", "second"]) {
      await openLog({ level: "info", file });
      logger("a").info(message);
      await closeLog();
    }

    const lines = (await Deno.readTextFile(file)).trim().split("\n");

    assert.deepEqual(lines.map((line) => JSON.parse(line).message), ["first", "second"]);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("openLog rejects when the file cannot be written", async () => {
  const directory = await Deno.makeTempDir();
  try {
    await assert.rejects(openLog({ level: "info", file: `${directory}/none/server.jsonl` }));
    await assert.rejects(openLog({ level: "info", file: directory }));
  } finally {
    await closeLog();
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("openLog without a file writes one line of text an event to the console", async () => {
  const printed: string[] = [];
  const original = console.info;
  console.info = (...values: unknown[]) => void printed.push(values.join(" "));
  try {
    await openLog({ level: "info", file: undefined });
    logger("rooms").info("room created", { roomId: "test", name: "a\nb\x1B[31m", token: "hidden" });
    await closeLog();
  } finally {
    console.info = original;
  }

  assert.equal(printed.length, 1);
  assert.match(
    printed[0]!,
    /INF.* room created roomId=test name="a\\nb\\u001b\[31m" token=\[redacted\]$/,
  );
});

Deno.test("print and printError write a line each, whatever the log is told", () => {
  const printed: unknown[][] = [];
  const { log, error } = console;
  console.log = (...values: unknown[]) => void printed.push(["log", ...values]);
  console.error = (...values: unknown[]) => void printed.push(["error", ...values]);
  try {
    print("listening on http://localhost:8080");
    printError("cannot bind");
  } finally {
    Object.assign(console, { log, error });
  }

  assert.deepEqual(printed, [
    ["log", "listening on http://localhost:8080"],
    ["error", "cannot bind"],
  ]);
});

Deno.test("logger writes nothing before the log is opened and after it is closed", async () => {
  const [lines] = await written("debug", () => {});
  logger("rooms").info("late");

  assert.deepEqual(lines, []);
});

Deno.test("silentLogger takes every event and writes none", () => {
  for (const level of ["debug", "info", "warn", "error"] as const) {
    assert.equal(silentLogger[level]("event", { roomId: "test" }), undefined);
  }
});

/** The lines that `events` writes to a file at `level`, parsed, and the text of the file. */
async function written(
  level: LogLevel,
  events: () => void,
): Promise<[Record<string, unknown>[], string]> {
  const file = await Deno.makeTempFile({ suffix: ".jsonl" });
  try {
    await openLog({ level, file });
    events();
    await closeLog();
    const text = await Deno.readTextFile(file);
    return [text.split("\n").filter(Boolean).map((line) => JSON.parse(line)), text];
  } finally {
    await Deno.remove(file);
  }
}
