/** The client by hand, from a pipe, against a real server. */
import assert from "node:assert/strict";
import { TestServer } from "../../support/test_server.ts";
import { runCli } from "../../support/run_cli.ts";

Deno.test("client runs piped lines in order and prints the replies", async () => {
  const { code, out } = await withServer((url) =>
    runCli("client", ["--url", url], { input: "join ann room1\nchat hi\nusers\nleave\nquit\n" })
  );

  assert.equal(code, 0);
  assert.deepEqual(out.split("\n").slice(1), [
    'You are in room "room1" as ann, with nobody else yet',
    "ann: hi",
    "ann",
    'You left room "room1" (left)',
    "",
  ]);
});

Deno.test("client leaves at the end of its input", async () => {
  const { code, out } = await withServer((url) =>
    runCli("client", ["--url", url, "--room", "r", "--user", "ann"], { input: "chat hi" })
  );

  assert.equal(code, 0);
  assert.match(out, /ann: hi\nYou left room "r" \(left\)\n$/);
});

Deno.test("client shows errors of the server and goes on", async () => {
  const { code, out } = await withServer((url) =>
    runCli("client", ["--url", url], {
      input:
        'chat too soon\nsend {"type":"dance"}\nstate audio=on\njoin ann r\nstate audio=on\nping\n',
    })
  );

  assert.equal(code, 0);
  assert.match(out, /\[not-joined\]\n/);
  assert.match(out, /"dance" \[unknown-type\]\n/);
  assert.match(out, /as ann, with nobody else yet\nDone\npong after /);
});

Deno.test("client sends any object and prints raw messages", async () => {
  const { code, out } = await withServer((url) =>
    runCli("client", ["--url", url], {
      input: 'raw on\nsend {"type":"ping","at":7,"requestId":"x"}\n',
    })
  );

  assert.equal(code, 0);
  assert.match(out, /\{"type":"pong","at":7,"requestId":"x"\}/);
});

Deno.test("client ends with 2 where a piped line was no command, and runs the others", async () => {
  const { code, out } = await withServer((url) =>
    runCli("client", ["--url", url], { input: "dance\njoin ann r\n" })
  );

  assert.equal(code, 2);
  assert.match(out, /Cannot do "dance": try help\nYou are in room "r"/);
});

Deno.test("client hears from others", async () => {
  const { out } = await withServer(async (url, server) => {
    const bob = await server.join("r", "bob");
    const result = await runCli("client", ["--url", url, "--room", "r", "--user", "ann"], {
      input: "chat hello\nchat @bob psst\nchat @nobody hm\n",
    });
    assert.equal((await bob.hear("chat")).text, "hello");
    assert.equal((await bob.hear("chat")).to, "bob");
    assert.equal((await bob.hear("user-left")).reason, "left");
    await bob.close();
    return result;
  });

  assert.match(out, /as ann, with bob\nann: hello\nann to bob: psst\n/);
  assert.match(out, /\[no-such-participant\]/);
});

Deno.test("client ends with 3 and one line where no server is", async () => {
  const { code, out, err } = await runCli("client", ["--url", "http://127.0.0.1:9"]);

  assert.equal(code, 3);
  assert.equal(out, "");
  assert.equal(
    err,
    "Cannot connect to ws://127.0.0.1:9/ws: the connection was refused. " +
      "Start a server with: deno task start\n",
  );
});

Deno.test("client ends with 3 where the server speaks no WebSocket", async () => {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => new Response("no", { status: 404 }),
  );

  const { code, err } = await runCli("client", ["--url", `http://127.0.0.1:${server.addr.port}`]);

  assert.equal(code, 3);
  assert.match(err, /it answered with HTTP 404/);
  await server.shutdown();
});

Deno.test("client ends with 3 when the server goes away", async () => {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    const { socket, response } = Deno.upgradeWebSocket(request, { protocol: "signalbox.v1" });
    socket.onmessage = () => socket.close(1012, "restart");
    return response;
  });

  const { code, out } = await runCli("client", ["--url", `ws://127.0.0.1:${server.addr.port}`], {
    input: "join ann r\nchat hi\nchat again\n",
  });

  assert.equal(code, 3);
  assert.match(out, /The server ended the connection: 1012 restart\n$/);
  await server.shutdown();
});

for (
  const [args, named] of [
    [["--url", "nonsense"], /--url "nonsense"/],
    [["--room", "r"], /--room without --user/],
    [["--user", "u"], /--user without --room/],
    [["--what"], /--what/],
  ] as const
) {
  Deno.test(`client refuses ${args.join(" ")} with 2`, async () => {
    const { code, err } = await runCli("client", args);

    assert.equal(code, 2);
    assert.match(err, named);
    assert.match(err, /deno task client --help/);
  });
}

Deno.test("client --help lists flags, commands and exit codes", async () => {
  const { code, out } = await runCli("client", ["--help"]);

  assert.equal(code, 0);
  for (const word of ["--url", "join USER ROOM", "chat [@USER] TEXT", "Exit codes", "Examples"]) {
    assert.ok(out.includes(word), word);
  }
});

async function withServer<T>(
  run: (url: string, server: TestServer) => Promise<T>,
): Promise<T> {
  const server = TestServer.start();
  try {
    return await run(server.url("/ws").replace("http", "ws"), server);
  } finally {
    await server.close();
  }
}
