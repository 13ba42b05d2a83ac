/**
 * Tasks as arguments for the executable that runs the test: what the shell of `deno task` would make
 * of them, so that a program under test has exactly the permissions of its task.
 */
import rootConfig from "../../deno.json" with { type: "json" };

/** How a task asks for the path of the runtime, which a media process is run by. */
const OWN_PATH = "$(deno eval -p 'Deno.execPath()')";

/** A task of deno.json. */
export type TaskName = keyof typeof rootConfig.tasks;

/** The arguments of `deno task start`, the program last. */
export function startArguments(): string[] {
  return taskArguments("start");
}

/** The arguments of a task that runs one program. */
export function taskArguments(task: TaskName): string[] {
  const line = rootConfig.tasks[task];
  const [command, ...args] = line.replace(`"${OWN_PATH}"`, Deno.execPath()).split(/\s+/);
  if (command === "deno" && !args.some((arg) => arg.includes("$"))) return args;
  throw new TypeError(`Cannot run the task ${task}: ${line}`);
}
