/** The keys of rooms, kept in a tab. */
import assert from "node:assert/strict";
import { HostKeys } from "../../../static/state/host_keys.ts";
import { memory } from "../support/fake_media.ts";

Deno.test("[CR5] HostKeys keep the key of each room until it is forgotten", () => {
  const store = memory();
  const keys = new HostKeys(() => store);

  keys.keep("482913", "one");
  keys.keep("111111", "two");
  keys.forget("482913");

  assert.equal(keys.read("482913"), undefined);
  assert.equal(keys.read("111111"), "two");
});

Deno.test("HostKeys do without a memory where storage is forbidden", () => {
  const keys = new HostKeys(() => {
    throw new DOMException("no", "SecurityError");
  });

  keys.keep("482913", "one");
  keys.forget("482913");

  assert.equal(keys.read("482913"), undefined);
});
