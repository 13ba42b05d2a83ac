/**
 * The source files of the repository and what they import, for the tests of this folder. Reads text,
 * not syntax: an import statement starts a line, as the formatter leaves it.
 */

/** One file; `path` is relative to the repository, with slashes. */
export type Source = { readonly path: string; readonly text: string };

/** One import, re-export, dynamic import or worker of a file. */
export type Import = {
  readonly line: number;
  /** As it is written. */
  readonly specifier: string;
  /** The imported file's path in the repository, or `undefined` for a package. */
  readonly target: string | undefined;
  /** It vanishes when types are stripped. */
  readonly isType: boolean;
};

/** Where the repository is. */
export const REPOSITORY = new URL("../../", import.meta.url);

/** Folders that hold no source of ours. */
const SKIPPED = new Set(["node_modules", "coverage", "dist", "vendor", "__snapshots__"]);
const IMPORTS = [
  /^(?:import|export)\b([^"';]*?)\bfrom\s+"([^"]+)"/gm,
  /^import( )"([^"]+)"/gm,
  /\bimport(\()\s*"([^"]+)"/g,
  /\bnew Worker(\()\s*new URL\(\s*"([^"]+)"/g,
];

/** Every .ts and .tsx file of the repository, in order of path. */
export async function readSources(): Promise<Source[]> {
  const paths: string[] = [];
  await listInto(paths, "");
  const sources = paths.sort().map(async (path) => ({ path, text: await readText(path) }));
  return await Promise.all(sources);
}

/** A file of the repository. */
export async function readText(path: string): Promise<string> {
  return await Deno.readTextFile(new URL(path, REPOSITORY));
}

/** What a file imports, in order of line. */
export function importsOf({ path, text }: Source): Import[] {
  const code = withoutComments(text);
  return IMPORTS.flatMap((pattern) => [...code.matchAll(pattern)]).map((match) => {
    const [, clause = "", specifier = ""] = match;
    return {
      line: lineAt(code, match.index),
      specifier,
      target: resolve(path, specifier),
      isType: isTypeClause(clause),
    };
  }).sort((a, b) => a.line - b.line);
}

/** `path:line` of every place outside comments where `pattern` matches. */
export function placesOf({ path, text }: Source, pattern: RegExp): string[] {
  const code = withoutComments(text);
  return [...code.matchAll(new RegExp(pattern, "g"))]
    .map((match) => `${path}:${lineAt(code, match.index)}: ${match[0]}`);
}

/** The text with every comment of its own line, or at the end of a line, blanked; lines stay. */
export function withoutComments(text: string): string {
  return text
    .replace(/^[ \t]*\/\*[\s\S]*?\*\//gm, (comment) => comment.replace(/[^\n]/g, " "))
    .replace(/(^|\s)\/\/.*$/gm, "$1");
}

/** `import type …` and `export type …`, or braces in which every name says `type`. */
function isTypeClause(clause: string): boolean {
  if (/^\s*type\s+[^,]/.test(clause)) return true;
  const names = clause.match(/^\s*\{([^}]*)\}\s*$/)?.[1]?.split(",").map((name) => name.trim());
  return names !== undefined && names.filter(Boolean).every((name) => name.startsWith("type "));
}

function resolve(path: string, specifier: string): string | undefined {
  if (!specifier.startsWith(".")) return undefined;
  return new URL(specifier, `file:///${path}`).pathname.slice(1);
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split("\n").length;
}

async function listInto(paths: string[], folder: string): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder || ".", REPOSITORY))) {
    if (name.startsWith(".") || SKIPPED.has(name)) continue;
    if (isDirectory) await listInto(paths, `${folder}${name}/`);
    else if (/\.tsx?$/.test(name)) paths.push(folder + name);
  }
}
