/** The fields of a join: their defaults, their mistakes, their request. */
import assert from "node:assert/strict";
import type { DeepLink } from "../../../static/state/deep_link.ts";
import { JoinFields } from "../../../static/state/join_fields.ts";
import { Preferences } from "../../../static/state/preferences.ts";

Deno.test("JoinFields starts with room test and a friendly user id", () => {
  const { fields } = setUp();

  assert.equal(fields.roomId.value, "test");
  assert.match(fields.userId.value, /^[a-z]+-[a-z]+-\d\d$/);
});

Deno.test("JoinFields remembers the user id and the name of the last join", () => {
  const memory = new Map<string, string>();
  const first = setUp({}, memory).fields;
  first.userId.value = "ann";
  first.name.value = " Ann ";
  first.toRequest();

  const second = setUp({}, memory).fields;

  assert.equal(second.userId.value, "ann");
  assert.equal(second.name.value, "Ann");
});

Deno.test("JoinFields takes what a link says before what it remembers", () => {
  const memory = new Map([["signalbox.userId", "ann"]]);

  const { fields } = setUp({ room: "other", user: "bob", role: "viewer" }, memory);

  assert.equal(fields.roomId.value, "other");
  assert.equal(fields.userId.value, "bob");
  assert.equal(fields.role.value, "viewer");
});

Deno.test("[JO1] JoinFields.toRequest leaves out what is empty or goes without saying", () => {
  const { fields } = setUp();
  fields.roomId.value = " test ";
  fields.userId.value = "";

  assert.deepEqual(fields.toRequest(), { roomId: "test" });
  assert.equal(fields.wrong.value, undefined);
});

Deno.test("[ID2] JoinFields.toRequest names the field that is no id, and remembers nothing", () => {
  const { fields, memory } = setUp({ user: "no spaces" });

  const request = fields.toRequest();
  const wrongUser = fields.wrong.value;
  fields.roomId.value = "";
  fields.toRequest();

  assert.equal(request, undefined);
  assert.equal(wrongUser, "userId");
  assert.equal(fields.wrong.value, "roomId");
  assert.equal(memory.size, 0);
});

function setUp(link: DeepLink = {}, memory: Map<string, string> = new Map()) {
  const preferences = new Preferences(() => ({
    getItem: (name) => memory.get(name) ?? null,
    setItem: (name, value) => memory.set(name, value),
  }));
  return { fields: new JoinFields({ preferences, random: () => 0.3, link }), memory };
}
