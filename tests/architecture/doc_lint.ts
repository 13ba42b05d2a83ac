/**
 * `deno task doc`: every public symbol has its doc comment and its types. Runs `deno doc --lint` over
 * the public modules and fails on every kind of finding but those that come from reading types out
 * of schemas: there the schema is the declaration, and writing its type beside it would repeat it.
 */
import { REPOSITORY } from "./source.ts";

/** Findings about how a type is written, not about what is said of it. */
const ACCEPTED = new Set(["private-type-ref", "missing-explicit-type"]);

/** One finding of `deno doc --lint`. */
export type Finding = { readonly kind: string; readonly message: string; readonly place: string };

/** The findings in the output of `deno doc --lint`, without its colours. */
export function findingsIn(output: string): Finding[] {
  // deno-lint-ignore no-control-regex -- colours are control sequences
  const plain = output.replace(/\x1b\[[0-9;]*m/g, "");
  return [...plain.matchAll(/^error\[([a-z-]+)\]: (.*)\n\s*--> (.*)$/gm)]
    .map(([, kind = "", message = "", place = ""]) => ({ kind, message, place }));
}

/** The findings that count. */
export function unaccepted(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ kind }) => !ACCEPTED.has(kind));
}

/** The modules whose symbols are public: each folder's mod.ts, the application and its settings. */
async function publicModules(): Promise<string[]> {
  const modules = ["src/app.ts", "src/config.ts"];
  for await (const { name, isDirectory } of Deno.readDir(new URL("src/", REPOSITORY))) {
    if (isDirectory) modules.push(`src/${name}/mod.ts`);
  }
  return modules.sort();
}

if (import.meta.main) {
  const modules = await publicModules();
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--lint", ...modules],
    cwd: REPOSITORY,
    stdin: "null",
    stdout: "null",
  }).output();
  const output = new TextDecoder().decode(stderr);
  const findings = findingsIn(output);
  const bad = unaccepted(findings);
  // A failure without a finding is a module that cannot be read at all: show what deno said.
  const isBroken = code !== 0 && findings.length === 0;
  const lines = isBroken ? [output] : bad.map((found) => `${found.place}: ${found.message}`);
  for (const line of lines) await Deno.stderr.write(new TextEncoder().encode(`${line}\n`));
  if (lines.length > 0) Deno.exit(1);
  await Deno.stdout.write(new TextEncoder().encode(`Documented: ${modules.join(", ")}\n`));
}
