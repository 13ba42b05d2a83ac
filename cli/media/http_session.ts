/**
 * A session of WHIP (RFC 9725) or WHEP over HTTP: the POST that opens it, and the DELETE that ends it.
 * What the server refuses is told in its own words (RFC 9457).
 */

/** How long an answer may take. */
const TIMEOUT_MS = 10_000;
/** What is shown of an answer that is no problem document. */
const SHOWN_LENGTH = 200;
const SDP_TYPE = "application/sdp";
/** Headers, for a query would stand in the logs of what is between. */
const PASSCODE_HEADER = "room-passcode";
const HOST_KEY_HEADER = "room-host-key";

/** The server does not open the session. The message says why. */
export class SessionRefused extends Error {
  override readonly name = "SessionRefused";
}

/** Nobody answers there. The message says why. */
export class SessionUnreachable extends Error {
  override readonly name = "SessionUnreachable";
}

/** What a session is opened with. */
export type HttpSessionOptions = {
  readonly sdp: string;
  /** An access token. */
  readonly token: string | undefined;
  /** That of the room. Default none. */
  readonly passcode?: string | undefined;
  /** That of the room. Default none. */
  readonly hostKey?: string | undefined;
  readonly signal: AbortSignal;
};

/** An open session. */
export class HttpSession {
  /** The server's description. */
  readonly sdp: string;
  readonly location: URL;
  /** The ICE servers that it names, as the header `Link` does. */
  readonly links: readonly string[];
  readonly #token: string | undefined;

  private constructor(sdp: string, location: URL, how: { links: string[]; token?: string }) {
    this.sdp = sdp;
    this.location = location;
    this.links = how.links;
    this.#token = how.token;
  }

  /** Opens one. Rejects with {@linkcode SessionRefused} or {@linkcode SessionUnreachable}. */
  static async open(endpoint: URL, options: HttpSessionOptions): Promise<HttpSession> {
    const { sdp, token, passcode, hostKey, signal } = options;
    const response = await ask(endpoint, {
      method: "POST",
      headers: {
        ...{ "content-type": SDP_TYPE, accept: SDP_TYPE, ...authorization(token) },
        ...shown(PASSCODE_HEADER, passcode),
        ...shown(HOST_KEY_HEADER, hostKey),
      },
      body: sdp,
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    const text = await response.text();
    if (response.status !== 201) throw new SessionRefused(wordsOf(response, text));
    const location = response.headers.get("location");
    const from = response.url === "" ? endpoint : response.url;
    if (location === null || !URL.canParse(location, from)) {
      throw new SessionRefused("Cannot use the answer: it has no Location to end the session at");
    }
    const url = new URL(location, from);
    const links = response.headers.get("link")?.split(/,\s*(?=<)/) ?? [];
    // A token is of the server that it was meant for.
    const isSame = token !== undefined && url.origin === endpoint.origin;
    return new HttpSession(text, url, { links, ...(isSame ? { token } : {}) });
  }

  /** Ends it; resolves to what went wrong, in words, or undefined. Never rejects. */
  async end(): Promise<string | undefined> {
    try {
      const response = await ask(this.location, {
        method: "DELETE",
        headers: authorization(this.#token),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const text = await response.text();
      // 404: it has ended by itself.
      return response.ok || response.status === 404 ? undefined : wordsOf(response, text);
    } catch (error) {
      return error instanceof Error ? error.message : `${error}`;
    }
  }
}

async function ask(url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    const reason = error instanceof Error ? error.message : `${error}`;
    throw new SessionUnreachable(reason, { cause: error });
  }
}

function authorization(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

/** A header with that value, which HTTP takes in ASCII alone. */
function shown(header: string, value: string | undefined): Record<string, string> {
  return value === undefined ? {} : { [header]: encodeURIComponent(value) };
}

/** What a refusal says: the problem document's sentence with its code, or what else there is. */
function wordsOf(response: Response, text: string): string {
  const { detail, code } = problemOf(text);
  if (detail !== undefined) return `${detail} [${code ?? response.status}]`;
  const status = `${response.status} ${response.statusText}`.trim();
  const [line = ""] = text.split("\n");
  return `The server answers ${status}${line === "" ? "" : `: ${line.slice(0, SHOWN_LENGTH)}`}`;
}

function problemOf(text: string): { detail?: string; code?: string } {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return {};
    return {
      ...("detail" in value && typeof value.detail === "string" ? { detail: value.detail } : {}),
      ...("code" in value && typeof value.code === "string" ? { code: value.code } : {}),
    };
  } catch {
    return {}; // A proxy's page, or nothing at all.
  }
}
