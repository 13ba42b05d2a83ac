/** The end of an exhaustive switch: the compiler refuses a call while a case is missing. */
export function assertNever(value: never): never {
  throw new TypeError(`Unhandled case: ${JSON.stringify(value)}`);
}
