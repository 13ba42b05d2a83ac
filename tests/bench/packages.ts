/**
 * The peers' packages: installed once, at pinned versions, from the npm registry into the checkout's
 * `.cache/`. Bun comes this way too: its binary is in its platform package.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { say } from "./output.ts";

/** The root of the checkout. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const CACHE = join(ROOT, ".cache", "bench");
const DONE = "installed";
const MAX_REASON_LENGTH = 200;

/** The folder with `packages` installed; rejects with npm's reason when it cannot be had. */
export async function installed(packages: readonly string[]): Promise<string> {
  const folder = join(CACHE, packages.join("+").replaceAll("/", "-"));
  if (await exists(join(folder, DONE))) return folder;
  say(`Installing ${packages.join(", ")} into ${folder}`);
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(join(folder, "package.json"), '{ "private": true }\n');
  const { success, stderr } = await new Deno.Command("npm", {
    args: [
      "install",
      "--prefix",
      folder,
      "--no-audit",
      "--no-fund",
      "--ignore-scripts", // Nothing here needs building: bufferutil brings its binary.
      "--save-exact",
      ...packages,
    ],
    stdout: "null",
  }).output();
  if (!success) throw new Error(`Cannot install ${packages.join(", ")}: ${reason(stderr)}`);
  await Deno.writeTextFile(join(folder, DONE), "");
  return folder;
}

/** Bun's platform package: built for AVX2, or for processors without it. */
export function bunPackage(version: string): string {
  if (Deno.build.arch === "aarch64") return `@oven/bun-linux-aarch64@${version}`;
  const grep = new Deno.Command("grep", { args: ["-qw", "avx2", "/proc/cpuinfo"] });
  return `@oven/bun-linux-x64${grep.outputSync().success ? "" : "-baseline"}@${version}`;
}

/** The path of Bun's binary inside `folder`. */
export function bunPath(folder: string, pinned: string): string {
  const name = pinned.slice(0, pinned.lastIndexOf("@"));
  return join(folder, "node_modules", name, "bin", "bun");
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

function reason(stderr: Uint8Array): string {
  const lines = new TextDecoder().decode(stderr).split("\n");
  const errors = lines.filter((line) => line.startsWith("npm error")).join(" ");
  return errors.replaceAll("npm error ", "").slice(0, MAX_REASON_LENGTH);
}
