/** STUN and TURN servers as the addon takes them: names that it must not see are left out. Pure. */

/** A STUN or TURN server (W3C webrtc-pc, RTCIceServer). */
export type IceServer = {
  readonly urls: string | readonly string[];
  readonly username?: string | undefined;
  readonly credential?: string | undefined;
};

/** Servers as the addon reads them: credentials within the URL (RFC 7064, RFC 7065 have none). */
export function addonServers(servers: readonly IceServer[]): string[] {
  return servers.flatMap(({ urls, username, credential }) =>
    (typeof urls === "string" ? [urls] : urls).flatMap((url) => {
      const [, scheme = "", rest = ""] = /^(stuns?|turns?):([\w.:[\]-]+(?:\?transport=\w+)?)$/i
        .exec(url) ?? [];
      if (scheme === "") return [];
      const who = scheme.toLowerCase().startsWith("turn")
        ? `${encodeURIComponent(username ?? "")}:${encodeURIComponent(credential ?? "")}@`
        : "";
      return [`${scheme.toLowerCase()}:${who}${rest}`];
    })
  );
}
