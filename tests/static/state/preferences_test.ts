/** What is remembered, and the browser that remembers nothing. */
import assert from "node:assert/strict";
import { Preferences } from "../../../static/state/preferences.ts";

Deno.test("Preferences reads what it wrote, under a name of its own", () => {
  const map = new Map<string, string>();
  const preferences = new Preferences(() => ({
    getItem: (name) => map.get(name) ?? null,
    setItem: (name, value) => map.set(name, value),
  }));

  preferences.write("userId", "ann");

  assert.equal(preferences.read("userId"), "ann");
  assert.equal(preferences.read("theme"), undefined);
  assert.deepEqual([...map.keys()], ["signalbox.userId"]);
});

Deno.test("Preferences works without a memory where storage is forbidden", () => {
  const preferences = new Preferences(() => {
    throw new Error("SecurityError");
  });

  preferences.write("userId", "ann");

  assert.equal(preferences.read("userId"), undefined);
});
