/** What the handler passes to the routes beside the request. */
import type { Context } from "hono";

/** The same as a value; the handler makes one for each request. */
export type RequestEnvironment = {
  /** The client's IP address, where it is known. */
  readonly address?: string | undefined;
};

/** The client's IP address, where it is known. */
export function addressOf(context: Context): string | undefined {
  const environment: RequestEnvironment = context.env ?? {}; // The handler passes nothing else.
  return environment.address;
}
