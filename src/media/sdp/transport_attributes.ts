/**
 * The attributes of a transport, which stand above all m-lines or below each: ICE (RFC 8839), the
 * fingerprint (RFC 8122), the role in DTLS (RFC 8842). They go to the native engine, which ends the
 * process on some that it cannot use; so they are read strictly.
 */
import type { DtlsSetup, Fingerprint } from "../sfu/transport.ts";
import { badLine, cutAtSpace, type DescriptionLine } from "./description_line.ts";
import type { TransportAttributes } from "./media_section.ts";

const USERNAME_FRAGMENT = /^[A-Za-z0-9+/]{4,256}$/;
const PASSWORD = /^[A-Za-z0-9+/]{22,256}$/;
const HEX_PAIRS = /^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2})*$/;
/** Hash functions that the engine can check, by the bytes of their result. */
const HASH_BYTES: ReadonlyMap<string, number> = new Map([
  ["sha-1", 20],
  ["sha-224", 28],
  ["sha-256", 32],
  ["sha-384", 48],
  ["sha-512", 64],
]);
/** What every implementation has to know (RFC 8122, section 5). */
const PREFERRED_HASH = "sha-256";

/** Collects what one level of a description says of the transport. */
export class TransportReader {
  #usernameFragment: string | undefined;
  #password: string | undefined;
  #fingerprint: Fingerprint | undefined;
  #setup: DtlsSetup | undefined;

  /** Takes an attribute; false: it is none of the transport's. Throws MediaError. */
  take(line: DescriptionLine, name: string, value: string): boolean {
    switch (name) {
      case "ice-ufrag":
        if (!USERNAME_FRAGMENT.test(value)) {
          throw badLine(line, "a=ice-ufrag is not made of 4 to 256 letters, digits, + and /");
        }
        this.#usernameFragment = value;
        return true;
      case "ice-pwd":
        if (!PASSWORD.test(value)) {
          throw badLine(line, "a=ice-pwd is not made of 22 to 256 letters, digits, + and /");
        }
        this.#password = value;
        return true;
      case "fingerprint":
        this.#takeFingerprint(line, value);
        return true;
      case "setup":
        if (value !== "active" && value !== "passive" && value !== "actpass") {
          throw badLine(line, "a=setup is none of active, passive and actpass");
        }
        this.#setup = value;
        return true;
      default:
        return false;
    }
  }

  /** What was said, on top of what `session` says. */
  finish(session?: TransportAttributes): TransportAttributes {
    const usernameFragment = this.#usernameFragment;
    const password = this.#password;
    return {
      ice: usernameFragment !== undefined && password !== undefined
        ? { usernameFragment, password }
        : session?.ice,
      fingerprint: this.#fingerprint ?? session?.fingerprint,
      setup: this.#setup ?? session?.setup,
    };
  }

  /** Several may stand there, of different hash functions; those that we do not know are passed over. */
  #takeFingerprint(line: DescriptionLine, value: string): void {
    const [name, digest] = cutAtSpace(value);
    const algorithm = name.toLowerCase();
    const bytes = HASH_BYTES.get(algorithm);
    if (bytes === undefined) return;
    if (digest.length !== 3 * bytes - 1 || !HEX_PAIRS.test(digest)) {
      throw badLine(line, `a=fingerprint is no ${bytes} bytes of ${algorithm}`);
    }
    if (this.#fingerprint === undefined || algorithm === PREFERRED_HASH) {
      this.#fingerprint = { algorithm, value: digest.toUpperCase() };
    }
  }
}
