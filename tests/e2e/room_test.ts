/** Two people on the test page: they see each other come, go, speak and raise a hand. */
import assert from "node:assert/strict";
import { BrowserTabs } from "../support/browser_tabs.ts";
import { rosterOf, waitForFocus, waitForRoster, waitUntilJoined } from "../support/test_page.ts";
import { waitUntil } from "../support/wait_until.ts";

const tabs = BrowserTabs.share();

Deno.test("[JO2, JO3, LE3] two tabs see each other join, and leave by the button", async () => {
  const ann = await tabs.open("/test");
  await ann.getByLabel("Room id").fill("pair");
  await ann.getByLabel("User id").fill("ann");
  await ann.getByRole("button", { name: "Join" }).click();
  await waitForRoster(ann, "ann");

  const bob = await tabs.open("/test?room=pair&user=bob&name=Bob");
  await bob.getByRole("button", { name: "Join" }).click();
  await waitForRoster(bob, "ann", "bob");
  await waitForRoster(ann, "ann", "bob");

  await bob.getByRole("button", { name: "Leave", exact: true }).click();
  await waitForRoster(ann, "ann");
  await bob.getByRole("button", { name: "Join" }).waitFor();
  assert.deepEqual(await rosterOf(bob), []);
});

Deno.test("[LE7] a tab that is closed leaves the roster of the other", async () => {
  const ann = await tabs.open("/test?room=closing&user=ann&join=1");
  const bob = await tabs.open("/test?room=closing&user=bob&join=1");
  await waitForRoster(ann, "ann", "bob");

  await bob.close();

  await waitForRoster(ann, "ann");
  await waitUntil(async () => {
    const said = await ann.getByRole("status").allTextContents();
    return said.join().includes("bob lost the connection") ? undefined : `said: ${said}`;
  });
});

Deno.test("a deep link fills the fields and waits for the button", async () => {
  const page = await tabs.open("/test?room=deep&user=ann&name=Ann+B&role=broadcaster");

  assert.equal(await page.getByLabel("Room id").inputValue(), "deep");
  assert.equal(await page.getByLabel("User id").inputValue(), "ann");
  assert.equal(await page.getByLabel("Name (optional)").inputValue(), "Ann B");
  assert.equal(await page.getByLabel("Role").inputValue(), "broadcaster");
  await page.getByText("in no room", { exact: true }).waitFor();
});

Deno.test("the test page starts with room test and remembers the user id of the last join", async () => {
  const page = await tabs.open("/test");
  assert.equal(await page.getByLabel("Room id").inputValue(), "test");
  assert.match(await page.getByLabel("User id").inputValue(), /^[a-z]+-[a-z]+-\d\d$/);
  await page.getByLabel("User id").fill("somebody");
  await page.getByRole("button", { name: "Join" }).click();
  await waitUntilJoined(page);

  await page.reload();

  assert.equal(await page.getByLabel("User id").inputValue(), "somebody");
});

Deno.test("[JO1] an empty user id lets the server make one", async () => {
  const page = await tabs.open("/test?room=nameless");
  await page.getByLabel("User id").fill("");

  await page.getByRole("button", { name: "Join" }).click();
  await waitUntilJoined(page);

  assert.equal((await rosterOf(page)).length, 1);
});

Deno.test("[JO5] a taken user id is shown with its code, and another one is offered", async () => {
  const ann = await tabs.open("/test?room=taken&user=ann&join=1");
  await waitForRoster(ann, "ann");
  const other = await tabs.open("/test?room=taken&user=ann&join=1");

  const alert = other.getByRole("alert").filter({ hasText: "user-id-taken" });
  await alert.getByRole("button", { name: "Join as ann-2" }).click();

  await waitForRoster(ann, "ann", "ann-2");
});

Deno.test("[CH1] chat reaches the room, and one participant alone when addressed", async () => {
  const ann = await tabs.open("/test?room=chat&user=ann&join=1");
  const bob = await tabs.open("/test?room=chat&user=bob&join=1");
  const eve = await tabs.open("/test?room=chat&user=eve&join=1");
  for (const page of [ann, bob, eve]) await waitForRoster(page, "ann", "bob", "eve");

  await ann.getByRole("button", { name: "Write to bob" }).click();
  await waitForFocus(ann, "chat-text");
  await ann.keyboard.type("for bob only");
  await ann.keyboard.press("Enter");
  await ann.getByLabel("To", { exact: true }).selectOption({ label: "To: Everyone" });
  await ann.getByLabel("Chat message").fill("for all");
  await ann.getByLabel("Chat message").press("Enter");

  const chatOf = (page: typeof ann) => page.getByRole("log", { name: "Chat" });
  await chatOf(bob).getByText("for bob only").waitFor();
  await chatOf(eve).getByText("for all").waitFor();
  assert.equal(await chatOf(eve).getByText("for bob only").count(), 0);
});

Deno.test("[ST1, ST2] a raised hand shows in the other roster, and to who comes later", async () => {
  const ann = await tabs.open("/test?room=hands&user=ann&join=1");
  const bob = await tabs.open("/test?room=hands&user=bob&join=1");
  await waitForRoster(bob, "ann", "bob");

  await ann.getByRole("button", { name: "Hand" }).click();

  await bob.locator('[data-user="ann"]').getByRole("img", { name: "Hand raised" }).waitFor();
  const eve = await tabs.open("/test?room=hands&user=eve&join=1");
  await eve.locator('[data-user="ann"]').getByRole("img", { name: "Hand raised" }).waitFor();
});

Deno.test("simulated users appear in the other tab, leave, and are dropped", async () => {
  const ann = await tabs.open("/test?room=crowd&user=ann&join=1");
  const bob = await tabs.open("/test?room=crowd&user=bob&join=1");
  await waitForRoster(ann, "ann", "bob");

  await ann.getByLabel("How many").fill("3");
  await ann.getByRole("button", { name: "Add", exact: true }).click();
  await waitForRoster(bob, "ann", "bob", "ann-1", "ann-2", "ann-3");

  await ann.getByRole("button", { name: "Leave: ann-1" }).click();
  await waitForRoster(bob, "ann", "bob", "ann-2", "ann-3");
  await ann.getByRole("button", { name: "Drop: ann-2" }).click();
  await waitForRoster(bob, "ann", "bob", "ann-3");
  await ann.getByRole("button", { name: "All leave" }).click();
  await waitForRoster(bob, "ann", "bob");
});

Deno.test("[PI1] the strip shows the room and a round-trip time", async () => {
  const page = await tabs.open("/test?room=strip&user=ann&join=1");

  const strip = page.getByRole("region", { name: "Connection" });
  await strip.getByText("In room strip", { exact: true }).waitFor();
  await waitUntil(async () => {
    const text = await page.locator("#round-trip").innerText();
    return /^[\d.]+ ms$/.test(text) ? undefined : `the round trip shows ${text}`;
  });
});
