/**
 * The origins whose pages may enter rooms (`--origin`): for a socket, and for media over HTTP. What is
 * no browser sends no origin, or any; this is no login.
 */

/** A list of origins, and what it means for a request. */
export class AllowedOrigins {
  readonly #origins: readonly string[];

  /** `same`, `*`, or origins. */
  constructor(origins: readonly string[]) {
    this.#origins = origins;
  }

  /** Whether a page of `origin` may make this request. */
  allows(origin: string, request: Request): boolean {
    return this.#origins.some((allowed) => {
      if (allowed === "*" || allowed === origin) return true;
      if (allowed !== "same" || !URL.canParse(origin)) return false;
      return new URL(origin).host === (request.headers.get("host") ?? new URL(request.url).host);
    });
  }
}
