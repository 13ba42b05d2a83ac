/**
 * What a connection is to receive, while it comes: tells what stands in the place of an expected
 * message from what is in surplus, so that a surplus does not let anybody go too early. Pure.
 */
import { normalForm } from "./normal_form.ts";

/** The messages of one connection that are expected. */
export class Expectation {
  readonly #messages: readonly unknown[];
  readonly #forms: readonly string[];
  /** How often each form is still to come. */
  readonly #remaining = new Map<string, number>();
  #position = 0;
  /** The place that a message took which nobody expected. */
  #replaced: number | undefined;

  constructor(messages: readonly unknown[]) {
    this.#messages = messages;
    this.#forms = messages.map(normalForm);
    for (const form of this.#forms) this.#remaining.set(form, this.#countOf(form) + 1);
  }

  /** The message whose turn it is. */
  get next(): unknown {
    return this.#messages[this.#position];
  }

  /** Takes what came, with the ids of the capture; whether it takes the place of an expected one. */
  meet(message: unknown): boolean {
    const form = normalForm(message);
    const count = this.#countOf(form);
    if (count > 0) this.#remaining.set(form, count - 1);
    const replaced = this.#replaced;
    this.#replaced = undefined;
    // The one before was in surplus after all: what it seemed to replace has come behind it.
    if (replaced !== undefined && this.#forms[replaced] === form) return false;
    if (count === 0) this.#replaced = this.#position;
    this.#position++;
    return true;
  }

  #countOf(form: string): number {
    return this.#remaining.get(form) ?? 0;
  }
}
