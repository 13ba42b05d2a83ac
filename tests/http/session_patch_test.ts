/** What a client may say about ICE once its session stands. */
import assert from "node:assert/strict";
import { TokenBucket } from "../../src/access/mod.ts";
import type { MediaSession } from "../../src/http/media_sessions.ts";
import { HttpError } from "../../src/http/problem.ts";
import { patchSession } from "../../src/http/session_patch.ts";
import { ProtocolError } from "../../src/protocol/mod.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { roomId, userId } from "../support/messages.ts";

const CANDIDATES = "a=mid:0\r\n" +
  "a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host generation 0 ufrag EsAw\r\n" +
  "a=candidate:2154773085 1 tcp 1518214911 hidden.local 9 typ host tcptype active\r\n" +
  "a=end-of-candidates\r\n";
const M_LINE = "a=group:BUNDLE 0 1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n";
const SAME = "a=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\n";

function makeSession(rate = { perSecond: 1, burst: 100 }) {
  const clock = new FakeClock();
  const session: MediaSession = {
    id: "a-session",
    kind: "whip",
    roomId: roomId("test"),
    userId: userId("cam"),
    etag: '"first"',
    ice: { usernameFragment: "EsAw", password: "P2uYro0UCOQ4zxjKXaWCBui1" },
    patches: new TokenBucket(clock, rate),
    end: () => assert.fail("nothing of this ends a session"),
  };
  const patch = (body: string) =>
    patchSession(
      new Request("http://localhost/whip/test/a-session", {
        method: "PATCH",
        headers: { "content-type": "application/trickle-ice-sdpfrag", "if-match": '"first"' },
        body,
      }),
      session,
    );
  return { clock, patch };
}

const refused = (status: number) => (error: unknown) =>
  error instanceof HttpError && error.status === status;

Deno.test("patchSession takes candidates, with the session's credentials or without", async () => {
  const { patch } = makeSession();

  await patch(M_LINE + SAME + CANDIDATES);
  await patch(CANDIDATES.replaceAll("\r", ""));
  await patch("a=end-of-candidates");
});

Deno.test("patchSession refuses other credentials as an ICE restart, with 422", async () => {
  const { patch } = makeSession();
  const others = [
    "a=ice-ufrag:ysXw\r\na=ice-pwd:vw5LmwG4y/e6dPP/zAP9Gp5k\r\n",
    "a=ice-ufrag:EsAw\r\na=ice-pwd:vw5LmwG4y/e6dPP/zAP9Gp5k\r\n",
    "a=ice-ufrag:ysXw\r\n",
  ];

  for (const credentials of others) {
    await assert.rejects(patch(M_LINE + credentials + CANDIDATES), refused(422));
  }
});

Deno.test("patchSession refuses what is no fragment with 400", async () => {
  const { patch } = makeSession();

  for (const text of ["", "\r\n", "candidate", "a=", "m=audio 9 RTP/SAVPF 0", `{"candidate":""}`]) {
    await assert.rejects(patch(text), refused(400), text);
  }
});

Deno.test("patchSession takes no more than a session may send, good or bad", async () => {
  const { clock, patch } = makeSession({ perSecond: 1, burst: 2 });
  await patch(CANDIDATES);
  await assert.rejects(patch("bad"), refused(400));

  await assert.rejects(
    patch(CANDIDATES),
    (error) => error instanceof ProtocolError && error.retryAfterMs === 1_000,
  );
  clock.advance(1_000);
  await patch(CANDIDATES);
});
