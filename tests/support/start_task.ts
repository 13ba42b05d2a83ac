/**
 * The start task as arguments for the executable that runs the test: what the shell of `deno task`
 * would make of it, so that a server under test has exactly the task's permissions.
 */
import rootConfig from "../../deno.json" with { type: "json" };

/** How the task asks for the path of the runtime, which a media process is run by. */
const OWN_PATH = "$(deno eval -p 'Deno.execPath()')";

/** The arguments of `deno task start`, the program last. */
export function startArguments(): string[] {
  const [command, ...args] = rootConfig.tasks.start.replace(`"${OWN_PATH}"`, Deno.execPath())
    .split(/\s+/);
  if (command === "deno" && !args.some((arg) => arg.includes("$"))) return args;
  throw new TypeError(`Cannot run the start task: ${rootConfig.tasks.start}`);
}
