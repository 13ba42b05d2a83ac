/**
 * Tasks as arguments for the executable that runs the test: what the shell of `deno task` would make of
 * them, so that a program under test has exactly its task's permissions.
 */
import rootConfig from "../../deno.json" with { type: "json" };

/** How a task asks for the path of the runtime, which a media process is run by. */
const OWN_PATH = "$(deno eval -p 'Deno.execPath()')";

/** The arguments of `deno task start`, the program last. */
export function startArguments(): string[] {
  return taskArguments("start");
}

/** A task of the project. */
export type TaskName = keyof typeof rootConfig.tasks;

/** The arguments of a task that runs one program. */
export function taskArguments(name: TaskName): string[] {
  const [command, ...args] = rootConfig.tasks[name].replace(`"${OWN_PATH}"`, Deno.execPath())
    .split(/\s+/);
  if (command === "deno" && !args.some((arg) => arg.includes("$"))) return args;
  throw new TypeError(`Cannot run the task "${name}": ${rootConfig.tasks[name]}`);
}
