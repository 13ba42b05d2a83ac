/** The systemd unit: read by systemd itself, its sandbox measured, its start command run. */
import assert from "node:assert/strict";
import rootConfig from "../../deno.json" with { type: "json" };
import { type Program, provide } from "../support/debian_package.ts";
import { readDeployFile } from "../support/deploy_files.ts";
import { freeUdpPort } from "../support/ports.ts";
import { RawSocket } from "../support/raw_socket.ts";
import { waitUntil } from "../support/wait_until.ts";

const SYSTEMD: Program = {
  name: "systemd-analyze",
  candidates: ["/usr/bin/systemd-analyze"],
  packages: ["systemd"],
  elsewhere: "systemd",
};
/** From 0, closed, to 10, open; 2 and more is more than a service with a network needs. */
const MAX_EXPOSURE = 1.5;

/**
 * V8 asks for memory protection keys, and does without where there are none. SQLite, in Deno's cache,
 * gives its files to the folder's owner where it is root, which the service is not.
 */
const MAY_FAIL = ["pkey_alloc", "fchown"];

const unit = await readDeployFile("signalbox.service");

/** Has systemd look at the unit, with the programs that this machine has. */
async function analyze(args: string[]): Promise<{ code: number; said: string }> {
  const executable = await provide(SYSTEMD);
  const folder = await Deno.makeTempDir();
  const file = `${folder}/signalbox.service`;
  const entrypoint = new URL("../../deploy/entrypoint.sh", import.meta.url).pathname;
  await Deno.writeTextFile(
    file,
    unit.replace("/opt/signalbox/deploy/entrypoint.sh", entrypoint)
      .replace("/usr/local/bin/deno", Deno.execPath()),
  );
  const { code, stdout, stderr } = await new Deno.Command(executable, {
    args: [...args, file],
    env: { SYSTEMD_COLORS: "0", SYSTEMD_EMOJI: "0", SYSTEMD_PAGER: "" },
  }).output();
  await Deno.remove(folder, { recursive: true });
  return { code, said: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}

Deno.test("systemd finds no fault with the unit", async () => {
  const { code, said } = await analyze(["verify", "--man=no"]);

  assert.equal(code, 0, said);
  // It warns of what it does not know, and passes over it.
  assert.doesNotMatch(said, /signalbox\.service/);
});

Deno.test("systemd counts the unit among the sandboxed", async () => {
  const { said } = await analyze(["security", "--offline=yes", "--no-pager"]);

  const [, exposure] = /Overall exposure level for signalbox\.service: ([\d.]+)/.exec(said)!;
  assert.ok(Number(exposure) <= MAX_EXPOSURE, said);
});

Deno.test("systemd unit runs the start task with its secret as a file", () => {
  assert.ok("start" in rootConfig.tasks);
  assert.match(unit, /^ExecStart=\S+\/entrypoint\.sh \S+\/deno task start$/m);
  assert.match(unit, /^LoadCredential=admin_token:/m);
  assert.match(unit, /^Environment=ADMIN_TOKEN_FILE=%d\/admin_token$/m);
  assert.doesNotMatch(unit, /^MemoryDenyWriteExecute=yes/m, "V8 would not start");
});

Deno.test("systemd allows every call to the kernel that the server makes", async () => {
  const [, allowed] = /^SystemCallFilter=([^~].*)$/m.exec(unit)!;
  const [, refused] = /^SystemCallFilter=~(.*)$/m.exec(unit)!;
  const permitted = await callsOf("@default", ...allowed!.split(" "));
  for (const call of await callsOf(...refused!.split(" "))) permitted.delete(call);

  const made = await callsOfServer();

  assert.ok(made.includes("execve") && made.includes("epoll_wait"), `recorded: ${made}`);
  assert.deepEqual(made.filter((call) => !permitted.has(call) && !MAY_FAIL.includes(call)), []);
});

/**
 * Records what the start task and its media process ask the kernel for: from the start, over a message,
 * to the stop.
 */
async function callsOfServer(): Promise<string[]> {
  const strace = await provide({
    name: "strace",
    candidates: ["/usr/bin/strace"],
    packages: ["strace"],
  });
  const record = await Deno.makeTempFile();
  // -D: the server keeps the id of the process, so that it gets the signal.
  const child = new Deno.Command(strace, {
    args: ["-D", "-f", "-c", "-o", record, Deno.execPath(), "task", "start"],
    cwd: new URL("../../", import.meta.url),
    env: {
      ...{ NO_COLOR: "1", HOST: "0.0.0.0", PORT: "0" },
      ...{ MEDIA: "on", MEDIA_PORT: `${await freeUdpPort()}`, MEDIA_PROCESSES: "1" },
    },
    stdout: "piped",
    stderr: "null",
  }).spawn();
  let said = "";
  for await (const part of child.stdout.pipeThrough(new TextDecoderStream())) {
    const isFirst = !/localhost:\d+/.test(said);
    said += part;
    const port = /localhost:(\d+)/.exec(said)?.[1];
    if (port === undefined || !isFirst) continue;
    const socket = await RawSocket.open(Number(port));
    await socket.say({ type: "join", roomId: "test", userId: "ann" });
    await socket.readUntil('"joined"');
    socket.drop();
    child.kill("SIGTERM");
  }
  assert.equal((await child.status).code, 0);
  let summary = "";
  await waitUntil(async () => {
    summary = await Deno.readTextFile(record);
    return /\btotal$/m.test(summary) ? undefined : "strace has not summed up";
  });
  await Deno.remove(record);
  const rows = summary.split("\n").filter((line) => /^\s*[\d.]+\s/.test(line));
  // A call that is cut off at the end of the process leaves a line of its own, without a name.
  return rows.map((line) => line.trim().split(/\s+/).at(-1)!)
    .filter((name) => name !== "total" && /^\w+$/.test(name));
}

/** The calls of some of systemd's sets. */
async function callsOf(...sets: string[]): Promise<Set<string>> {
  const calls = new Set<string>();
  for (const set of sets) {
    const { stdout } = await new Deno.Command(await provide(SYSTEMD), {
      args: ["syscall-filter", "--no-pager", set],
      env: { SYSTEMD_COLORS: "0" },
    }).output();
    for (const line of new TextDecoder().decode(stdout).split("\n").slice(1)) {
      const word = line.trim();
      if (word.startsWith("@")) (await callsOf(word)).forEach((call) => calls.add(call));
      else if (/^\w+$/.test(word)) calls.add(word);
    }
  }
  return calls;
}
