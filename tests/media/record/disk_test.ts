/** The folder of a recording on a real disk. */
import assert from "node:assert/strict";
import { diskAt, OpenFile } from "../../../src/media/record/disk.ts";

async function withFolder(use: (path: string) => Promise<void>): Promise<void> {
  const path = await Deno.makeTempDir();
  try {
    await use(path);
  } finally {
    await Deno.remove(path, { recursive: true });
  }
}

Deno.test("diskAt makes the folder, and files that grow and can be corrected", async () => {
  await withFolder(async (path) => {
    const disk = diskAt(`${path}/new`);
    await disk.prepare();
    await disk.prepare();

    const file = await disk.create("a");
    await file.append(Uint8Array.of(1, 2, 3));
    await file.overwrite(1, Uint8Array.of(9));
    await file.append(Uint8Array.of(4));
    file.close();
    file.close();

    assert.deepEqual(await Deno.readFile(`${path}/new/a`), Uint8Array.of(1, 9, 3, 4));
  });
});

Deno.test("diskAt writes over no file that is there", async () => {
  await withFolder(async (path) => {
    await Deno.writeTextFile(`${path}/a`, "kept");

    await assert.rejects(diskAt(path).create("a"), Deno.errors.AlreadyExists);

    assert.equal(await Deno.readTextFile(`${path}/a`), "kept");
  });
});

Deno.test("diskAt replaces a text, and leaves nothing beside it", async () => {
  await withFolder(async (path) => {
    const disk = diskAt(path);

    await disk.replace("a", "first, and longer");
    await disk.replace("a", "second");

    assert.equal(await Deno.readTextFile(`${path}/a`), "second");
    assert.deepEqual([...Deno.readDirSync(path)].map(({ name }) => name), ["a"]);
  });
});

Deno.test("diskAt rejects where no folder can be", async () => {
  await withFolder(async (path) => {
    await Deno.writeTextFile(`${path}/file`, "");

    await assert.rejects(diskAt(`${path}/file/folder`).prepare());
    await assert.rejects(diskAt(`${path}/none`).create("a"), Deno.errors.NotFound);
    await assert.rejects(diskAt(`${path}/none`).replace("a", ""), Deno.errors.NotFound);
  });
});

Deno.test("OpenFile rejects when the disk is full", async () => {
  const file = new OpenFile(await Deno.open("/dev/full", { write: true }));
  try {
    await assert.rejects(file.append(Uint8Array.of(1)), /os error 28/);
  } finally {
    file.close();
  }
});
