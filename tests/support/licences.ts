/**
 * The packages that run where Signalbox runs, each with its licence: what files outside `tests/`
 * import, and by deno.lock what those bring along. The README lists them; run this file to print its
 * table anew:  deno run -A tests/support/licences.ts
 */
import { importsOf, readSources, readText } from "../architecture/source.ts";

/** One package. */
export type LicensedPackage = {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  /** Which parts of Signalbox run it. */
  readonly parts: readonly string[];
};

/** deno.lock, as far as it is read here. */
export type Lock = {
  readonly specifiers: Readonly<Record<string, string>>;
  readonly npm: Readonly<
    Record<string, {
      readonly dependencies?: readonly string[];
      readonly optionalDependencies?: readonly string[];
      /** A build for some machines of the package that names it. */
      readonly os?: readonly string[];
    }>
  >;
};

const PARTS: Readonly<Record<string, RegExp>> = {
  server: /^(src\/|server\.ts$|deploy\/)/,
  page: /^static\//,
  terminal: /^cli\//,
};

/** Every package that runs outside the tests, by name. Rejects when a package says no licence. */
export async function runtimePackages(): Promise<LicensedPackage[]> {
  const lock: Lock = JSON.parse(await readText("deno.lock"));
  const folders = await packageFolders();
  const parts = new Map<string, string[]>();
  for (const [part, specifiers] of await importedByParts()) {
    for (const key of closure(lock, specifiers)) {
      parts.set(key, [...parts.get(key) ?? [], part]);
    }
  }
  const found = [...parts].map(async ([key, parts]) => {
    const folder = folders.get(key);
    if (folder === undefined) throw new Error(`Cannot find ${key} in Deno's cache`);
    const { name, version, license } = JSON.parse(
      await Deno.readTextFile(`${folder}/package.json`),
    );
    if (typeof license !== "string") throw new Error(`Cannot read the licence of ${key}`);
    return { name, version, licence: license, parts };
  });
  return (await Promise.all(found)).sort((a, b) => a.name < b.name ? -1 : 1);
}

/**
 * The keys in `lock.npm` of the packages that these specifiers need, themselves included. Builds for
 * one kind of machine are left out: which one is there depends on the machine, and the package that
 * they are builds of has their licence.
 */
export function closure(lock: Lock, specifiers: Iterable<string>): Set<string> {
  const keys = new Set<string>();
  const visit = (key: string) => {
    const { dependencies = [], optionalDependencies = [], os } = lock.npm[key]!;
    if (keys.has(key) || os !== undefined) return;
    keys.add(key);
    for (const dependency of [...dependencies, ...optionalDependencies]) {
      visit(keyOf(lock, dependency));
    }
  };
  for (const specifier of specifiers) {
    const version = lock.specifiers[specifier];
    if (version === undefined) throw new RangeError(`Cannot find ${specifier} in deno.lock`);
    visit(`${nameOf(specifier.slice("npm:".length))}@${version}`);
  }
  return keys;
}

/** The README's table, unpadded. */
export function licenceTable(packages: readonly LicensedPackage[]): string {
  const rows = packages.map(({ name, version, licence, parts }) =>
    `| \`${name}\` | ${version} | ${licence} | ${parts.join(", ")} |`
  );
  return ["| package | version | licence | runs in |", "| --- | --- | --- | --- |", ...rows]
    .join("\n");
}

/** What the files of each part import, as deno.json spells it. */
async function importedByParts(): Promise<Map<string, Set<string>>> {
  const imports: Record<string, string> = {
    ...JSON.parse(await readText("deno.json")).imports,
    ...JSON.parse(await readText("static/deno.json")).imports,
  };
  const byPart = new Map(Object.keys(PARTS).map((part) => [part, new Set<string>()]));
  for (const source of await readSources()) {
    const part = Object.keys(PARTS).find((part) => PARTS[part]!.test(source.path));
    if (part === undefined) continue;
    for (const { specifier, target } of importsOf(source)) {
      if (target !== undefined || specifier.startsWith("node:")) continue;
      byPart.get(part)!.add(imports[nameOf(specifier)] ?? specifier);
    }
  }
  return byPart;
}

/** A dependency stands with its version only where the lock holds several. */
function keyOf({ npm }: Lock, dependency: string): string {
  const key = Object.keys(npm).find((key) =>
    key === dependency || key.startsWith(`${dependency}_`) || nameOf(key) === dependency
  );
  if (key === undefined) throw new RangeError(`Cannot find ${dependency} in deno.lock`);
  return key;
}

/** `@scope/name` of `@scope/name@1.0.0`, and of `@scope/name/sub`. */
function nameOf(specifier: string): string {
  return /^(@[^/]+\/)?[^/@]+/.exec(specifier)![0];
}

/** Where Deno keeps each package of the lock file. */
async function packageFolders(): Promise<Map<string, string>> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "server.ts"],
    cwd: new URL("../../", import.meta.url),
    stderr: "null",
  }).output();
  const { npmPackages } = JSON.parse(new TextDecoder().decode(stdout));
  return new Map(
    Object.entries(npmPackages as Record<string, { localPath: string }>) // Deno's own document.
      .map(([key, { localPath }]) => [key, localPath]),
  );
}

// deno-lint-ignore no-console -- a script, when it is run as one
if (import.meta.main) console.log(licenceTable(await runtimePackages()));
