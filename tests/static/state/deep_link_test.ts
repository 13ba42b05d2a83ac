/** Links into the test page: what they fill in, and that they survive the round trip. */
import assert from "node:assert/strict";
import { formatDeepLink, parseDeepLink } from "../../../static/state/deep_link.ts";

Deno.test("parseDeepLink reads room and user", () => {
  assert.deepEqual(parseDeepLink("?room=test&user=ann"), { room: "test", user: "ann" });
});

Deno.test("parseDeepLink reads everything it knows", () => {
  assert.deepEqual(
    parseDeepLink("?room=r&user=u&name=Ann+B&role=viewer&join=1&simulate=3"),
    { room: "r", user: "u", name: "Ann B", role: "viewer", join: true, simulate: 3 },
  );
});

Deno.test("parseDeepLink leaves out what is missing, empty or nonsense", () => {
  assert.deepEqual(parseDeepLink(""), {});
  assert.deepEqual(parseDeepLink("?room=&role=king&join=yes&simulate=-2&simulate=x&other=1"), {});
});

Deno.test("formatDeepLink is read back by parseDeepLink", () => {
  const link = { room: "会 议&=?", user: "ann", name: "<b>", join: true, simulate: 2 };

  const { search, pathname } = new URL(formatDeepLink(link), "http://localhost");

  assert.equal(pathname, "/test");
  assert.deepEqual(parseDeepLink(search), link);
});

Deno.test("formatDeepLink says nothing that goes without saying", () => {
  assert.equal(formatDeepLink({}), "/test");
  assert.equal(formatDeepLink({ room: "test", role: "participant" }), "/test?room=test");
});
