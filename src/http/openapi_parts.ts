/**
 * The words in which the OpenAPI document is written: operations, bodies, problems, parameters. The
 * documents of each part of the API use them.
 */
import { ID_PATTERN } from "../protocol/mod.ts";

/** A piece of the document. */
export type Json = Record<string, unknown>;

/** What takes the administrator's token. */
export const BY_ADMINISTRATOR: Json = { security: [{ administrator: [] }] };
/** How it is refused without. */
export const REFUSED = { 401: "bad-token", 403: "not-allowed", 429: "rate-limited" } as const;

/** A parameter in the path that is an id. */
export function idParameter(name: string): Json {
  return { name, in: "path", required: true, schema: { type: "string", pattern: ID_PATTERN } };
}

/** An operation with its answers. */
export function operation(
  operationId: string,
  summary: string,
  responses: Json,
  more: Json = {},
): Json {
  return { operationId, summary, ...more, responses };
}

/** An answer in JSON. */
export function json(description: string, schema: Json): Json {
  return { description, ...content(schema) };
}

/** A body in JSON. */
export function content(schema: object): Json {
  return { content: { "application/json": { schema } } };
}

/** Problem documents by status, described by their codes. */
export function problems(codes: Record<number, string>): Json {
  return Object.fromEntries(
    Object.entries(codes).map(([status, code]) => [status, {
      description: code,
      content: { "application/problem+json": { schema: ref("Problem") } },
    }]),
  );
}

/** A schema by its name. */
export function ref(name: string): Json {
  return { $ref: `#/components/schemas/${name}` };
}
