/**
 * A real Chromium for the browser tests. Takes the one that `CHROMIUM` names or that the machine has;
 * installs Debian's where that is possible, and says so; elsewhere it says what to install.
 */
import { type Browser, chromium } from "playwright-core";

const CANDIDATES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/** Chinese needs a font; the others are what an empty container lacks. */
const DEBIAN_PACKAGES = ["chromium", "fonts-noto-cjk", "fonts-liberation"];

const FLAGS = [
  "--no-sandbox", // Tests may run as root, where the sandbox refuses to start.
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Launches Chromium without a window. Rejects when there is none, with what to do about it. */
export async function launchChromium(): Promise<Browser> {
  return await chromium.launch({ executablePath: await provideChromium(), args: FLAGS });
}

/** The path of a Chromium, installed if need be. */
export async function provideChromium(): Promise<string> {
  const named = Deno.env.get("CHROMIUM");
  if (named) return named;
  const found = await findChromium();
  if (found !== undefined) return found;
  if (await isRootOnDebian()) {
    await installOnDebian();
    const installed = await findChromium();
    if (installed !== undefined) return installed;
  }
  throw new Error(
    "Cannot find a Chromium for the browser tests: install chromium or Google Chrome " +
      "(Debian, Ubuntu: apt-get install chromium fonts-noto-cjk), or set CHROMIUM to its path",
  );
}

async function findChromium(): Promise<string | undefined> {
  for (const path of CANDIDATES) {
    if (await exists(path)) return path;
  }
  return undefined;
}

async function isRootOnDebian(): Promise<boolean> {
  return Deno.build.os === "linux" && Deno.uid() === 0 && await exists("/usr/bin/apt-get");
}

async function installOnDebian(): Promise<void> {
  // deno-lint-ignore no-console -- somebody who waits for minutes wants to know why
  console.error(`No Chromium here: installing ${DEBIAN_PACKAGES.join(", ")} with apt-get`);
  await run("apt-get", ["update"]);
  await run("apt-get", ["install", "-y", "--no-install-recommends", ...DEBIAN_PACKAGES]);
}

async function run(command: string, args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(command, {
    args,
    env: { DEBIAN_FRONTEND: "noninteractive" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  if (success) return;
  const reason = new TextDecoder().decode(stderr).trim();
  throw new Error(`Cannot install a Chromium: ${command} ${args.join(" ")} failed: ${reason}`);
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
