/**
 * Words of no domain: time, randomness, logging. Imports nothing of ours; everybody may import it.
 *
 * ```ts
 * import { systemClock, systemRandom } from "./mod.ts";
 *
 * const started = systemClock.elapsed();
 * const id = systemRandom.id(12);
 * if (id.length !== 12 || systemClock.elapsed() < started) throw new Error("base is broken");
 * ```
 *
 * @module
 */
export { assertNever } from "./assert_never.ts";
export { type Cancel, type Clock, systemClock } from "./clock.ts";
export { CountedClock } from "./counted_clock.ts";
export { type Random, systemRandom } from "./random.ts";
export {
  closeLog,
  LOG_LEVELS,
  type Logger,
  logger,
  type LogLevel,
  type LogOptions,
  openLog,
  print,
  printError,
  silentLogger,
} from "./log.ts";
