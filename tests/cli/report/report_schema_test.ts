/** The schema of the simulation's document: real reports fit it, field by field, and others do not. */
import assert from "node:assert/strict";
import { Ajv2020 } from "ajv/dist/2020.js";
import { REPORT_SCHEMA, type SimulationReport } from "../../../cli/report/report_schema.ts";
import { runCli } from "../../support/run_cli.ts";
import {
  mediaReport,
  slowReport,
  verifiedReport,
  wrongReport,
} from "../../support/simulation_reports.ts";

Deno.test("--json-schema prints the schema, and nothing else", async () => {
  const { code, out, err } = await runCli("simulate", ["--json-schema"]);

  assert.deepEqual([code, err], [0, ""]);
  assert.deepEqual(JSON.parse(out), JSON.parse(JSON.stringify(REPORT_SCHEMA)));
  new Ajv2020({ strict: true }).compile(JSON.parse(out));
});

for (
  const [what, ...args] of [
    ["a verified run", "--users", "4"],
    ["a run with every setting", "--users", "6", "--rooms", "2", "--churn", "0.5", "--rate", "200"],
    ["a run with media", "--users", "3", "--media", "synthetic", "--media-seconds", "1"],
    ["an unreachable server", "--url", "ws://127.0.0.1:9"],
  ]
) {
  Deno.test(`the document of ${what} has the fields of the schema and no others`, async () => {
    const timing = ["--duration", "500ms", "--hold", "200ms"];

    const { out } = await runCli("simulate", ["--json", ...args, ...args.length > 2 ? timing : []]);

    assert.deepEqual(faultsOf(JSON.parse(out)), []);
  });
}

Deno.test("the documents that the other tests use fit the schema", () => {
  for (const report of [verifiedReport, wrongReport, slowReport, mediaReport]) {
    assert.deepEqual(faultsOf(JSON.parse(JSON.stringify(report))), []);
  }
});

for (
  const [what, change] of [
    ["without a verdict", { verdict: undefined }],
    ["of another verdict", { verdict: "fine" }],
    ["of another format", { format: "signalbox-simulate/2" }],
    ["with a field of its own", { mood: "good" }],
    ["with a count below 0", { findingsTotal: -1 }],
    ["with a check in another state", {
      checks: [{ ...verifiedReport.checks[0], state: "maybe" }],
    }],
  ] as const
) {
  Deno.test(`a document ${what} does not fit the schema`, () => {
    const changed = JSON.parse(JSON.stringify({ ...verifiedReport, ...change }));

    assert.notDeepEqual(faultsOf(changed), []);
  });
}

Deno.test("the access token of a URL stands in no document, and not in the terminal", async () => {
  const { out, err } = await runCli("simulate", [
    ...["--json", "--url", "ws://127.0.0.1:9/ws?room=a&access_token=s3cret&x=1"],
  ]);

  const report: SimulationReport = JSON.parse(out);
  assert.equal(report.target.url, "ws://127.0.0.1:9/ws?room=a&access_token=...&x=1");
  assert.doesNotMatch(out + err, /s3cret/);
});

/** What is wrong with a document, fields that the schema does not know included. */
function faultsOf(document: unknown): string[] {
  const validate = new Ajv2020({ allErrors: true }).compile(closed(REPORT_SCHEMA) as object);
  validate(document);
  return (validate.errors ?? []).map(({ instancePath, message, params }) =>
    `${instancePath} ${message} ${JSON.stringify(params)}`
  );
}

/** The schema with every object closed: the published one lets fields be added. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== "object" || schema === null) return schema;
  const copy = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, closed(value)]),
  );
  return copy.type === "object" ? { ...copy, additionalProperties: false } : copy;
}
