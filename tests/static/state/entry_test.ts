/** The fields before a meeting and the request that they make. */
import assert from "node:assert/strict";
import { Entry } from "../../../static/state/entry.ts";
import { cleanName } from "../../../static/state/entry.ts";
import { HostKeys } from "../../../static/state/host_keys.ts";
import { parseRoomId } from "../../../static/state/ids.ts";
import { Preferences } from "../../../static/state/preferences.ts";
import { memory } from "../support/fake_media.ts";

Deno.test("Entry makes a request of a name and a friendly user id, and remembers both", () => {
  const { entry, store } = entryOf();
  entry.name.value = "  Ann Lee ";

  const { roomId, userId, ...rest } = entry.toRequest();

  assert.equal(roomId, "482913");
  assert.match(userId ?? "", /^[a-z]+-[a-z]+-\d\d$/);
  assert.deepEqual(rest, { name: "Ann Lee" });
  assert.equal(store.kept.get("signalbox.name"), "Ann Lee");
  assert.equal(store.kept.get("signalbox.userId"), userId);
});

Deno.test("Entry takes a link before what is remembered, and makes an id of what is none", () => {
  const remembered = { "signalbox.name": "Old", "signalbox.userId": "old" };
  const { entry } = entryOf({ name: "Ann", user: "no spaces" }, remembered);

  const request = entry.toRequest();

  assert.equal(request.name, "Ann");
  assert.match(request.userId ?? "", /^[a-z]+-[a-z]+-\d\d$/);
});

Deno.test("[PC2, CR5] Entry adds the passcode and the key of the room, and keeps neither", () => {
  const { entry, store, keys } = entryOf();
  keys.keep("482913", "key");
  entry.passcode.value = "secret words";

  const request = entry.toRequest();

  assert.equal(request.passcode, "secret words");
  assert.equal(request.hostKey, "key");
  assert.doesNotMatch(JSON.stringify([...store.kept]), /secret/);
});

Deno.test("[JO5] Entry.renumber takes the next id", () => {
  const { entry } = entryOf({ user: "ann" });

  entry.renumber();

  assert.equal(entry.toRequest().userId, "ann-2");
});

Deno.test("[ID3] cleanName leaves what the server takes", () => {
  assert.equal(cleanName("Ann\n\u202eLee\u0000"), "AnnLee");
  assert.equal(cleanName("   "), "");
  assert.equal([...cleanName("😀".repeat(70))].length, 64);
  assert.equal(cleanName("陈晓"), "陈晓");
});

function entryOf(
  link: { user?: string; name?: string } = {},
  remembered: Record<string, string> = {},
) {
  const store = memory(remembered);
  const session = memory();
  const keys = new HostKeys(() => session);
  const entry = new Entry({
    roomId: parseRoomId("482913")!,
    preferences: new Preferences(() => store),
    hostKeys: keys,
    random: () => 0.5,
    link,
  });
  return { entry, store, keys };
}
