/**
 * Watches the numbers of the messages that a participant who may resume is sent (rule RE2): no gap, no
 * repeat, and no number where nothing is numbered. Each actor has one.
 */
import type { ServerMessage } from "../../src/protocol/mod.ts";
import { shown } from "./expectation.ts";
import { Finding } from "./verdict.ts";

/** The numbers of one connection. */
export class SeqWatch {
  /** The last number; 0 where there was none. */
  last = 0;
  #isNumbered = false;

  /** Looks at the next message; throws {@linkcode Finding}. */
  look(message: ServerMessage): void {
    const { type, seq } = message;
    if (type === "joined" || type === "resumed") return this.#begin(message);
    // Whoever is told that its stay is over may be told so with a number or, as a reply, without.
    if (type === "leaved") {
      this.#isNumbered = false;
      return;
    }
    if (!this.#isNumbered) {
      if (seq === undefined) return;
      throw new Finding("no seq outside a stay that can be resumed", shown(message));
    }
    if (seq !== this.last + 1) throw new Finding(`seq ${this.last + 1}`, shown(message));
    this.last = seq;
  }

  #begin(message: ServerMessage & { type: "joined" | "resumed" }): void {
    if (message.seq !== undefined) throw new Finding(`no seq in ${message.type}`, shown(message));
    if (message.type === "resumed") {
      this.#isNumbered = true;
      this.last = message.lastSeq - message.missed;
      return;
    }
    this.#isNumbered = message.resumeToken !== undefined;
    this.last = 0;
  }
}
