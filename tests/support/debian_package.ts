/**
 * A program that tests need and the machine may lack: it takes the one that is there, installs
 * Debian's where that is possible, and says so; elsewhere it says what to install. The browser tests
 * and the tests of the deployment samples call it.
 */

/** A program, and where it comes from. */
export type Program = {
  /** What people call it. */
  readonly name: string;
  /** Where it may be, best first. */
  readonly candidates: readonly string[];
  /** The packages of Debian that bring it. */
  readonly packages: readonly string[];
  /** The environment variable that names its path. Default: none. */
  readonly variable?: string;
  /** What to install elsewhere, for people. Default: its name. */
  readonly elsewhere?: string;
};

/** Asked by Debian's packages whether a service may start: 101 is no. */
const POLICY = "/usr/sbin/policy-rc.d";
/** Something else on this machine may be installing too. */
const LOCK_TIMEOUT_S = 300;
/** Locked by the one test file that looks and installs; others wait for it. */
const LOCK_FILE = "/tmp/signalbox_tests_install.lock";

/** The path of the program, installed if need be. Rejects saying what to install. */
export async function provide(program: Program): Promise<string> {
  const { name, variable, packages, elsewhere = name } = program;
  const named = variable === undefined ? undefined : Deno.env.get(variable);
  if (named) return named;
  const found = await isRootOnDebian() ? await findOrInstall(program) : await find(program);
  if (found !== undefined) return found;
  throw new Error(
    `Cannot find ${name} for the tests: install ${elsewhere} ` +
      `(Debian, Ubuntu: apt-get install ${packages.join(" ")})` +
      (variable === undefined ? "" : `, or set ${variable} to its path`),
  );
}

/** A program that another test file is installing may be there already, and not yet run. */
async function findOrInstall(program: Program): Promise<string | undefined> {
  using lock = await Deno.open(LOCK_FILE, { create: true, write: true });
  await lock.lock(true);
  const found = await find(program);
  if (found !== undefined) return found;
  await install(program);
  return await find(program);
}

async function find({ candidates }: Program): Promise<string | undefined> {
  for (const path of candidates) {
    if (await exists(path)) return path;
  }
  return undefined;
}

async function isRootOnDebian(): Promise<boolean> {
  return Deno.build.os === "linux" && Deno.uid() === 0 && await exists("/usr/bin/apt-get");
}

async function install({ name, packages }: Program): Promise<void> {
  // deno-lint-ignore no-console -- somebody who waits for minutes wants to know why
  console.error(`No ${name} here: installing ${packages.join(", ")} with apt-get`);
  const lock = ["-o", `DPkg::Lock::Timeout=${LOCK_TIMEOUT_S}`];
  await withoutServices(async () => {
    await run(name, [...lock, "update"]);
    await run(name, [...lock, "install", "-y", "--no-install-recommends", ...packages]);
  });
}

/** A test wants the program, not a service that takes port 80 of the machine. */
async function withoutServices(install: () => Promise<void>): Promise<void> {
  if (await exists(POLICY)) return await install();
  await Deno.writeTextFile(POLICY, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    await install();
  } finally {
    await Deno.remove(POLICY);
  }
}

async function run(name: string, args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command("apt-get", {
    args,
    env: { DEBIAN_FRONTEND: "noninteractive" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  if (success) return;
  const reason = new TextDecoder().decode(stderr).trim();
  throw new Error(`Cannot install ${name}: apt-get ${args.join(" ")} failed: ${reason}`);
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
