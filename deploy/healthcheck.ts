/**
 * Asks the server of this container whether it takes another connection: exits 0 if so, 1 if not.
 * The container's health check calls it; the slim image has neither curl nor wget.
 */

/** Shorter than the health check's own, so that the reason is what is told. */
const TIMEOUT_MS = 3_000;

const url = `http://127.0.0.1:${Deno.env.get("PORT") ?? "8080"}/readyz`;
try {
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  tell(`${response.status} ${await response.text()}`);
  if (!response.ok) Deno.exit(1);
} catch (error) {
  tell(`No answer from ${url}: ${error}`);
  Deno.exit(1);
}

function tell(line: string): void {
  // deno-lint-ignore no-console -- what it prints is what `docker inspect` shows
  console.log(line);
}
