/** Fragments of ICE, as clients send them with PATCH. */
import assert from "node:assert/strict";
import { takeFragment } from "../../src/http/ice_fragment.ts";
import { HttpError } from "../../src/http/problem.ts";

const ICE = { usernameFragment: "EsAw", password: "P2uYro0UCOQ4zxjKXaWCBui1" };
const CANDIDATES = "a=mid:0\r\n" +
  "a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host generation 0 ufrag EsAw\r\n" +
  "a=candidate:2154773085 1 tcp 1518214911 hidden.local 9 typ host tcptype active\r\n" +
  "a=end-of-candidates\r\n";
const M_LINE = "a=group:BUNDLE 0 1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n";
const SAME = "a=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\n";

const refused = (status: number) => (error: unknown) =>
  error instanceof HttpError && error.status === status;

Deno.test("takeFragment takes candidates, with the session's credentials or without", () => {
  takeFragment(M_LINE + SAME + CANDIDATES, ICE);
  takeFragment(CANDIDATES.replaceAll("\r", ""), ICE);
  takeFragment("a=end-of-candidates", ICE);
});

Deno.test("takeFragment refuses other credentials as an ICE restart, with 422", () => {
  const others = [
    "a=ice-ufrag:ysXw\r\na=ice-pwd:vw5LmwG4y/e6dPP/zAP9Gp5k\r\n",
    "a=ice-ufrag:EsAw\r\na=ice-pwd:vw5LmwG4y/e6dPP/zAP9Gp5k\r\n",
    "a=ice-ufrag:ysXw\r\n",
  ];

  for (const credentials of others) {
    assert.throws(() => takeFragment(M_LINE + credentials + CANDIDATES, ICE), refused(422));
  }
});

Deno.test("takeFragment refuses what is no fragment with 400", () => {
  for (const text of ["", "\r\n", "candidate", "a=", "m=audio 9 RTP/SAVPF 0", `{"candidate":""}`]) {
    assert.throws(() => takeFragment(text, ICE), refused(400), text);
  }
});
