/**
 * How many files this process may open: each connection takes one, and a server that the run starts
 * itself takes another. The limit of the machine can only be read with all permissions, so it is
 * tried out, which costs some 10 us a file.
 */

/** Files beside the connections: modules, the terminal, what the runtime holds. */
export const SPARE_FILES = 100;

/** How many more files can be opened, up to `wanted`. All are closed again. */
export function countOpenable(wanted: number): number {
  const files: Deno.FsFile[] = [];
  try {
    while (files.length < wanted) files.push(Deno.openSync(new URL(import.meta.url)));
  } catch (error) {
    // EMFILE; Deno has no class of its own for it.
    if (!/too many open files/i.test(`${error}`)) throw error;
  } finally {
    for (const file of files) file.close();
  }
  return files.length;
}
