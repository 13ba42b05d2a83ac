/** The page of streams in a real browser: what it lists, shows, hides and asks for. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { axeViolations } from "../support/axe.ts";
import { BrowserTabs, type TabOptions } from "../support/browser_tabs.ts";
import { jpegFilm } from "../support/jpeg_film.ts";
import { PictureSource } from "../support/picture_source.ts";
import { ServerProcess } from "../support/server_process.ts";
import { setHidden, untilMoving, untilShown } from "../support/streams_page.ts";
import { waitUntil } from "../support/wait_until.ts";

const serverArgs = ["--log-level", "error", "--resume-grace-ms", "0"];
const tabs = BrowserTabs.share({ hasServer: false });
const film = await jpegFilm(60, 320);

/** A server with sources of its own, and tabs on its page. */
class Wall {
  readonly server: ServerProcess;
  readonly sources: PictureSource[] = [];
  readonly #pages: Page[] = [];

  private constructor(server: ServerProcess) {
    this.server = server;
  }

  static async start(): Promise<Wall> {
    return new Wall(await ServerProcess.start({ args: serverArgs }));
  }

  async join(userId: string, more: Record<string, unknown> = {}): Promise<PictureSource> {
    const join = { roomId: "test", userId, ...more };
    const source = await PictureSource.join(
      this.server.address,
      join,
      (n) => film[n % film.length]!,
    );
    this.sources.push(source);
    return source;
  }

  async open(path: string, options: TabOptions = {}): Promise<Page> {
    const page = await tabs.open(path, { ...options, server: this.server });
    this.#pages.push(page);
    return page;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // A page that is still there would ask for what has just ended, and log that it is gone.
    for (const page of this.#pages.flatMap((page) => page.context().pages())) {
      await page.goto("about:blank");
    }
    await Promise.all(this.sources.map((source) => source.close()));
    await this.server.stop();
  }
}

Deno.test("the page of streams shows who comes, moving, and no longer who goes", async () => {
  await using wall = await Wall.start();
  const page = await wall.open("/streams");
  await page.getByText("Nobody shows pictures in an open room right now.").waitFor();

  const ann = await wall.join("ann", { name: "Ann" });
  await wall.join("bob");

  await untilShown(page, "ann moving", "bob moving");
  await untilMoving(page, "ann");
  await untilMoving(page, "bob");
  await page.getByRole("img", { name: "Ann in room test" }).waitFor();
  assert.equal(ann.wanted.viewers, 1);
  ann.client.say({ type: "leave" });
  await untilShown(page, "bob moving");
});

Deno.test("the page of streams hides one or all, and nothing is made for what is hidden", async () => {
  await using wall = await Wall.start();
  const ann = await wall.join("ann");
  const bob = await wall.join("bob");
  const page = await wall.open("/streams");
  await untilMoving(page, "ann");

  await page.getByRole("button", { name: "Hide ann" }).focus();
  await page.keyboard.press("Enter");
  await untilShown(page, "ann hidden", "bob moving");
  await ann.untilViewers(0);
  await page.getByRole("button", { name: "Hide all" }).click();
  await bob.untilViewers(0);
  await page.getByRole("button", { name: "Show all" }).click();

  await untilShown(page, "ann moving", "bob moving");
  await untilMoving(page, "ann");
  await ann.untilViewers(1);
});

Deno.test("the page of streams asks and loads nothing while its tab is hidden", async () => {
  await using wall = await Wall.start();
  const ann = await wall.join("ann");
  const page = await wall.open("/streams");
  await untilMoving(page, "ann");

  await setHidden(page, true);
  await untilShown(page, "ann paused");
  await ann.untilViewers(0);
  const sent = ann.sent;
  await setHidden(page, false);

  await untilMoving(page, "ann");
  assert.ok(ann.sent > sent);
});

Deno.test("the page of streams asks for the rate and the width that are chosen", async () => {
  await using wall = await Wall.start();
  const ann = await wall.join("ann");
  const page = await wall.open("/streams");
  await untilMoving(page, "ann");

  await page.getByLabel("Pictures a second").selectOption("25");
  await page.getByLabel("Width").selectOption("160");

  await waitUntil(() => {
    const { pictures } = ann.wanted;
    const wanted = pictures.map((one) => `${one.width} ${one.framesPerSecond}`).join();
    return wanted === "160 25" ? undefined : `${wanted} is wanted`;
  });
});

Deno.test("the page of streams opens one alone in a new window", async () => {
  await using wall = await Wall.start();
  await wall.join("ann");
  await wall.join("bob");
  const page = await wall.open("/streams");
  await untilMoving(page, "ann");

  const [alone] = await Promise.all([
    page.context().waitForEvent("page"),
    page.getByRole("link", { name: "Open bob in a new window" }).click(),
  ]);

  await untilShown(alone, "bob moving");
  await untilMoving(alone, "bob");
  await alone.getByRole("link", { name: "All streams" }).click();
  await untilShown(alone, "ann moving", "bob moving");
});

Deno.test("[TH3, PC2] the page of streams shows a room of six digits by its code and passcode", async () => {
  await using wall = await Wall.start();
  const kind = { kind: "meeting", passcode: "sesame & co" };
  const made = await fetch(`${wall.server.address}/api/rooms`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(kind),
  });
  const { roomId, hostKey } = await made.json();
  await wall.join("ann", { roomId, hostKey });
  const page = await wall.open("/streams", { expected: /403/ });
  await page.getByText("Nobody shows pictures in an open room right now.").waitFor();

  await page.getByLabel("Room").fill(roomId);
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await page.locator("#streams-passcode-below").getByText("missing or wrong").waitFor();
  await page.getByLabel("Passcode").fill("sesame & co");
  await page.getByLabel("Passcode").press("Enter");

  await untilMoving(page, "ann");
  const [alone] = await Promise.all([
    page.context().waitForEvent("page"),
    page.getByRole("link", { name: "Open ann in a new window" }).click(),
  ]);
  await untilMoving(alone, "ann");
  assert.doesNotMatch(new URL(alone.url()).search, /sesame/);
});

Deno.test("the page of streams lets four move and renews the others, and its list goes on", async () => {
  await using wall = await Wall.start();
  for (const user of ["a", "b", "c", "d", "e", "f", "g"]) await wall.join(user);
  const page = await wall.open("/streams");

  await untilShown(page, ...["a", "b", "c", "d"].map((user) => `${user} moving`), ...[
    "e renewed",
    "f renewed",
    "g renewed",
  ]);
  await untilMoving(page, "d");
  await untilMoving(page, "g", 2);
  await wall.join("h");

  await page.locator('[data-stream="h"]').waitFor();
});

Deno.test("the page of streams says in words why nothing comes, and tries again", async () => {
  await using wall = await Wall.start();
  const ann = await wall.join("ann");
  const page = await wall.open("/streams", { expected: /409/ });
  await untilMoving(page, "ann");
  await page.getByRole("button", { name: "Hide ann" }).click();
  await ann.untilViewers(0);
  // The list is a moment older than the camera.
  ann.client.say({ type: "state", video: false });

  await page.getByRole("button", { name: "Show ann" }).click();
  await page.getByText("The camera is off").or(
    page.getByText("Nobody shows pictures in an open room right now."),
  ).first().waitFor();
  ann.client.say({ type: "state", video: true });

  await untilMoving(page, "ann");
});

Deno.test("the page of streams says that a server does not answer, and goes on when it does", async () => {
  await using wall = await Wall.start();
  await wall.join("ann");
  const page = await wall.open("/streams", { expected: /Failed to load|ERR_/ });
  await untilMoving(page, "ann");

  await page.route("**/api/streams", (route) => route.abort());
  await page.getByText("The server does not answer.").waitFor();
  await page.unroute("**/api/streams");

  await untilMoving(page, "ann");
});

for (const [language, title] of [["en-GB", "Streams"], ["zh-CN", "画面墙"]] as const) {
  for (const colorScheme of ["light", "dark"] as const) {
    Deno.test(`the page of streams in ${language}, ${colorScheme}, breaks no rule of axe`, async () => {
      await using wall = await Wall.start();
      const options = { locale: language, colorScheme };
      const page = await wall.open("/streams", options);
      await page.getByRole("heading", { level: 1, name: title }).waitFor();
      await page.locator("a[href='/meet/test']").waitFor();
      assert.deepEqual(await axeViolations(page), []);

      await wall.join("ann");
      await untilMoving(page, "ann");
      await page.locator('[data-stream="ann"] button').click();
      await untilShown(page, "ann hidden");

      assert.deepEqual(await axeViolations(page), []);
    });
  }
}

Deno.test("the page of streams fits a narrow screen", async () => {
  await using wall = await Wall.start();
  await wall.join("ann-with-a-name-that-is-as-long-as-a-user-id-may-be-in-any-room");
  const page = await wall.open("/streams", { viewport: { width: 320, height: 640 } });
  await page.locator("[data-stream]").waitFor();

  const width = await page.evaluate<number>("document.documentElement.scrollWidth");

  assert.ok(width <= 320, `${width} pixels`);
});

Deno.test("the start page leads to the streams", async () => {
  await using wall = await Wall.start();
  const page = await wall.open("/");

  await page.getByRole("main").getByRole("link", { name: /Watch streams/ }).click();

  await page.getByRole("heading", { level: 1, name: "Streams" }).waitFor();
  await page.getByText("Nobody shows pictures in an open room right now.").waitFor();
});
