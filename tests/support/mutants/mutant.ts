/**
 * One small change of behaviour of the real application. `apply` changes the classes of the process
 * that it is called in, so a mutant is started in one of its own: `serve.ts NAME`.
 */

/** One way in which the server is wrong. */
export type Mutant = {
  /** What it does wrong. */
  readonly does: string;
  /** The rule of PROTOCOL.md that it breaks. */
  readonly rule: string;
  /** Makes it so, for good. */
  readonly apply: () => void;
};

/** The grace time of mutants: a number that nothing else waits for. */
export const MUTANT_GRACE_MS = 397;

/** Puts `change` in the place of a method; it gets the object, the original and the arguments. */
export function replaceMethod<T extends object, K extends keyof T>(
  prototype: T,
  name: K,
  change: T[K] extends (...args: infer A) => infer R
    ? (self: T, original: (...args: A) => R, ...args: A) => R
    : never,
): void {
  // The type above says that there is a method of that name, and what it takes and returns.
  const original = prototype[name] as (...args: unknown[]) => unknown;
  const changed = change as (...args: unknown[]) => unknown;
  Object.defineProperty(prototype, name, {
    configurable: true,
    writable: true,
    value(this: T, ...args: unknown[]) {
      return changed(this, (...passed: unknown[]) => original.apply(this, passed), ...args);
    },
  });
}

/** Puts `change` in the place of a getter. */
export function replaceGetter<T extends object, K extends keyof T>(
  prototype: T,
  name: K,
  change: (self: T, original: () => T[K]) => T[K],
): void {
  const { get } = Object.getOwnPropertyDescriptor(prototype, name)!;
  Object.defineProperty(prototype, name, {
    configurable: true,
    get(this: T) {
      return change(this, () => get!.call(this));
    },
  });
}
