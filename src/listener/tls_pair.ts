/**
 * A certificate with its key, and the watch over the two files that hold them: a renewed pair is
 * handed on as soon as both files belong together.
 */
import { createPrivateKey, X509Certificate } from "node:crypto";
import type { Cancel, Clock, Logger } from "../base/mod.ts";

/**
 * How often the files are read again. Their text is compared and not their dates, which a copy may
 * keep; a few kilobytes every few seconds are nothing.
 */
const POLL_MS = 2_000;

/** PEM texts. */
export type TlsPair = { readonly cert: string; readonly key: string };

/** What the watch needs. */
export type TlsWatchOptions = {
  readonly clock: Clock;
  readonly log: Logger;
  /** Reads the files anew; rejects while one of them cannot be read. */
  readonly read: () => Promise<TlsPair>;
  /** Takes a pair that differs from the one before. */
  readonly onRenewed: (tls: TlsPair) => void;
};

/** Throws an Error saying why the two cannot serve: one is unreadable, or they are no pair. */
export function checkTlsPair({ cert, key }: TlsPair): void {
  if (new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))) return;
  throw new Error("the key is not that of the certificate");
}

/** Watches for a pair other than `current` until cancelled. One that cannot serve changes nothing. */
export function watchTlsPair(current: TlsPair, options: TlsWatchOptions): Cancel {
  const { clock, log, read, onRenewed } = options;
  let used = current;
  let refused: TlsPair | undefined;
  let isReading = false;
  let isOver = false;
  const look = async () => {
    if (isReading) return;
    isReading = true;
    try {
      const found = await read();
      if (isOver || isSame(found, used) || isSame(found, refused)) return;
      refused = found;
      checkTlsPair(found);
      onRenewed(found);
      used = found;
      log.info("certificate renewed", { validTo: new X509Certificate(found.cert).validTo });
    } catch (error) {
      // Between the writing of one file and of the other this is the rule, and it heals.
      log.warn("certificate not taken over", { reason: `${error}` });
    } finally {
      isReading = false;
    }
  };
  const cancel = clock.every(POLL_MS, look);
  return () => {
    isOver = true;
    cancel();
  };
}

function isSame(pair: TlsPair, other: TlsPair | undefined): boolean {
  return pair.cert === other?.cert && pair.key === other.key;
}
