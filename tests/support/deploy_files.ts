/** The files of `deploy/`, for the tests of that folder. */
import { parse } from "yaml";

/** Where they are. */
export const DEPLOY_FOLDER = new URL("../../deploy/", import.meta.url);

/** A service of the compose file, as far as the tests read it. */
export type ComposeService = {
  readonly image?: string;
  readonly profiles?: readonly string[];
  readonly healthcheck?: { readonly test: string | readonly string[] };
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly [other: string]: unknown;
};

/** The compose file, as far as the tests read it. */
export type Compose = {
  readonly name?: string;
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
};

/** A file of `deploy/`. */
export async function readDeployFile(name: string): Promise<string> {
  return await Deno.readTextFile(new URL(name, DEPLOY_FOLDER));
}

/** The compose file with its merges done. */
export async function readCompose(): Promise<Compose> {
  return parse(await readDeployFile("compose.yaml"), { merge: true });
}
