/**
 * Whether this machine can run a server: the version of Deno, what the doctor itself may do, how many
 * files may be open, whether the port is free and who has it if not.
 */
import { type Check, fail, type MachineContext, ok, type Outcome, skipped, warn } from "./check.ts";

/** The versions of Deno that the tests ran on. */
const DENO = { from: [2, 9], before: [3, 0] } as const;
/** Open files beside the connections: the listener, the log, the page, a scrape of the metrics. */
const FILES_BESIDE = 100;
/** Programs that are asked; each may be missing. */
const TOOLS = ["getconf", "lsof", "ss"] as const;

/** The checks of this machine, in their order. */
export const MACHINE_CHECKS: readonly Check<MachineContext>[] = [
  { id: "deno", title: "version of Deno", run: ({ denoVersion }) => judgeDeno(denoVersion) },
  { id: "permissions", title: "permissions of the doctor", run: judgePermissions },
  { id: "files", title: "open files", run: judgeOpenFiles },
  { id: "port", title: "port", run: judgePort },
];

/** Whether that version of Deno is one that the tests ran on. */
export function judgeDeno(version: string): Outcome {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const found = `Deno ${version}`;
  if (isBefore([major, minor], DENO.from)) {
    return fail(found, `Install Deno ${DENO.from.join(".")} or later: npx -y deno@2.9 works too`);
  }
  if (isBefore([major, minor], DENO.before)) return ok(found);
  return warn(found, `Untested: the tests ran on Deno ${DENO.from.join(".")}`);
}

/** What the doctor was not allowed to ask. */
export function judgePermissions(): Outcome {
  if (Deno.permissions.querySync({ name: "net" }).state !== "granted") {
    return fail("not allowed to use the network", "Run it as: deno task doctor");
  }
  const denied = TOOLS.filter((command) => {
    return Deno.permissions.querySync({ name: "run", command }).state !== "granted";
  });
  return denied.length === 0
    ? ok("everything that it asks for")
    : ok(`the network; without ${denied.join(", ")} it may know less`);
}

/** Whether so many connections can be open at once. */
export async function judgeOpenFiles(
  { maxConnections, runTool }: Pick<MachineContext, "maxConnections" | "runTool">,
): Promise<Outcome> {
  const text = (await runTool("getconf", ["OPEN_MAX"]))?.trim();
  if (text === undefined) return skipped("no getconf here to say how many files may be open");
  if (!/^\d+$/.test(text)) return ok(`no limit (${text})`);
  const limit = Number(text);
  const needed = maxConnections + FILES_BESIDE;
  const found = `${limit} at once, for --max-connections ${maxConnections}`;
  if (limit >= needed) return ok(found);
  return warn(
    found,
    `Raise the hard limit to ${needed} (ulimit -Hn, LimitNOFILE= of systemd, --ulimit of Docker), ` +
      `or start with --max-connections ${Math.max(1, limit - FILES_BESIDE)}`,
  );
}

/** Whether a server could bind the port, on any interface. */
export async function judgePort(
  { port, runTool }: Pick<MachineContext, "port" | "runTool">,
): Promise<Outcome> {
  if (port === undefined) return skipped("a running server is looked at; --port N asks for a port");
  try {
    Deno.listen({ hostname: "0.0.0.0", port }).close();
    return ok(`${port} is free`);
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) {
      const holder = await findHolder(port, runTool);
      const advice = "Stop it, or start the server with another --port";
      return fail(`${port} is taken by ${holder ?? "a program that cannot be seen"}`, advice);
    }
    if (error instanceof Deno.errors.PermissionDenied) {
      return fail(
        `${port} may not be bound by this user`,
        "Ports below 1024 often need root: choose a higher one behind a proxy, or grant " +
          "CAP_NET_BIND_SERVICE",
      );
    }
    throw error;
  }
}

/** Which program listens on the port, as far as this user may see. */
async function findHolder(
  port: number,
  runTool: MachineContext["runTool"],
): Promise<string | undefined> {
  const lsof = await runTool("lsof", ["-nP", `-iTCP:${port}`, "-sTCP:LISTEN", "-Fpc"]);
  const listed = /^p(\d+)\nc(.+)$/m.exec(lsof ?? "");
  if (listed !== null) return `${listed[2]} (process ${listed[1]})`;
  const ss = await runTool("ss", ["-ltnpH", `sport = :${port}`]);
  const shown = /users:\(\("([^"]+)",pid=(\d+)/.exec(ss ?? "");
  return shown === null ? undefined : `${shown[1]} (process ${shown[2]})`;
}

function isBefore(version: readonly number[], other: readonly number[]): boolean {
  const [major = 0, minor = 0] = version;
  const [otherMajor = 0, otherMinor = 0] = other;
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}
