/**
 * The process: settings -> application -> listener -> signals -> close. Exit codes: 0 stopped,
 * 2 a setting that cannot be used.
 */
import { createApp } from "./src/app.ts";
import { closeLog, logger, openLog, print, printError } from "./src/base/mod.ts";
import {
  asksForHelp,
  type Config,
  ConfigError,
  helpText,
  readConfig,
  readEnvironment,
} from "./src/config.ts";
import { buildPage, type PageAssets } from "./src/http/mod.ts";
import { listen, startLines } from "./src/listen.ts";
import { openMediaPlane } from "./src/media_plane.ts";
import { openTurn } from "./src/turn_service.ts";
import { exitOnSignal, surviveFaults } from "./src/process.ts";

const log = logger("process");

try {
  await main();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  printError(error.message);
  Deno.exit(2);
}

async function main(): Promise<void> {
  if (asksForHelp(Deno.args)) return print(helpText());
  const config = readConfig(Deno.args, readEnvironment());
  await startLog(config);
  surviveFaults(log);
  const media = await openMediaPlane(config);
  const turn = await openTurn(config);
  const app = createApp({ config, assets: await tryBuildPage(), media, turn });
  const listener = await listen(config, app);
  exitOnSignal(log, async () => {
    await app.close();
    await listener.shutdown();
    await closeLog();
  });
  // Last: who reads these lines may send a signal at once.
  for (const line of startLines(config, listener.port)) print(line);
}

async function startLog(config: Config): Promise<void> {
  const { "log-level": level, "log-file": file } = config;
  try {
    await openLog({ level, file });
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    throw new ConfigError(`Cannot use --log-file "${file}": ${reason}`, { cause: error });
  }
}

/** A server without its page still serves calls; the page's paths say that it is missing. */
async function tryBuildPage(): Promise<PageAssets | undefined> {
  try {
    return await buildPage();
  } catch (error) {
    log.error("page not built", { error: `${error}` });
    return undefined;
  }
}
