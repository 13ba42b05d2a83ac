/**
 * STUN and TURN servers as `Link` headers (RFC 9725, section 4.6), for clients that learn them over
 * HTTP.
 */
import type { IceServer } from "../protocol/mod.ts";

/** A link for each URL; what a header cannot carry has none. */
export function iceLinks(servers: readonly IceServer[]): string[] {
  return servers.flatMap(({ urls, username, credential }) =>
    [urls].flat().flatMap((url) => {
      const parts = [`<${url}>`, `rel="ice-server"`];
      if (username !== undefined) parts.push(`username=${inQuotes(username)}`);
      if (credential !== undefined) {
        parts.push(`credential=${inQuotes(credential)}`, `credential-type="password"`);
      }
      const link = parts.join("; ");
      return isHeader(link) && !/[<>\s]/.test(url) ? [link] : [];
    })
  );
}

/** RFC 9110, section 5.6.4. */
function inQuotes(text: string): string {
  return `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
}

function isHeader(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}
