/** What `deno task test` was asked for. */

/** Arguments, sorted. */
export type Asked = {
  /** Whether files, folders or patterns are named. */
  readonly namesFiles: boolean;
  /** Where a JUnit report goes; undefined: none is wanted. */
  readonly junitPath: string | undefined;
  /** All arguments but the one for the report. */
  readonly others: readonly string[];
};

const JUNIT_FLAG = "--junit-path";

/**
 * Sorts arguments. What is no flag may be the value of one (`--filter resume`): it names files where
 * it is a pattern or `exists` says so.
 */
export async function readArguments(
  args: readonly string[],
  exists: (path: string) => Promise<boolean>,
): Promise<Asked> {
  const others: string[] = [];
  let junitPath: string | undefined;
  let namesFiles = false;
  for (let n = 0; n < args.length; n++) {
    const arg = args[n]!;
    if (arg === JUNIT_FLAG) junitPath = args[++n];
    else if (arg.startsWith(`${JUNIT_FLAG}=`)) junitPath = arg.slice(JUNIT_FLAG.length + 1);
    else others.push(arg);
  }
  for (const arg of others) {
    if (!arg.startsWith("-")) namesFiles ||= arg.includes("*") || await exists(arg);
  }
  return { namesFiles, junitPath, others };
}
