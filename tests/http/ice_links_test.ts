/** ICE servers as links. */
import assert from "node:assert/strict";
import { iceLinks } from "../../src/http/ice_links.ts";

Deno.test("iceLinks names each URL, with the credentials of a TURN server", () => {
  const links = iceLinks([
    { urls: "stun:stun.example.net" },
    {
      urls: ["turn:turn.example.net?transport=udp", "turns:turn.example.net"],
      username: "user",
      credential: 'my"Pass\\word',
    },
  ]);

  const credentials = 'username="user"; credential="my\\"Pass\\\\word"; credential-type="password"';
  assert.deepEqual(links, [
    '<stun:stun.example.net>; rel="ice-server"',
    `<turn:turn.example.net?transport=udp>; rel="ice-server"; ${credentials}`,
    `<turns:turn.example.net>; rel="ice-server"; ${credentials}`,
  ]);
});

Deno.test("iceLinks leaves out what no header can carry, and nothing else", () => {
  const links = iceLinks([
    { urls: ["turn:a.example>; rel=evil", "turn:a.example"], username: "a", credential: "b" },
    { urls: "turn:b.example", username: "名字", credential: "b" },
    { urls: "turn:c.example", username: "a", credential: "b\r\nSet-Cookie: x" },
  ]);

  assert.deepEqual(links, [
    '<turn:a.example>; rel="ice-server"; username="a"; credential="b"; credential-type="password"',
  ]);
});

Deno.test("iceLinks has none where there are no servers", () => {
  assert.deepEqual(iceLinks([]), []);
});
