/**
 * Janus as a forwarder: what `forwarder.ts` is for the SFU, with the same three requests over HTTP,
 * which it translates to those of Janus's video rooms. Prints its port and the process that forwards,
 * which is Janus alone. Ends, and ends Janus, on SIGTERM and SIGINT.
 */
import { print } from "../output.ts";
import { startJanus } from "./janus_process.ts";
import { JanusSession } from "./janus_session.ts";

const ROOM = 1;
const PUBLISHER = 1;

const janus = await startJanus();
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  Deno.addSignalListener(signal, async () => {
    await janus[Symbol.asyncDispose]();
    Deno.exit(0);
  });
}
const session = await JanusSession.create(janus);
const handles = new Map<string, number>();
Deno.serve({
  hostname: "127.0.0.1",
  port: 0,
  onListen: ({ port }) => print(`${port} ${janus.pid}`),
  onError: (error) => new Response(`${error}`, { status: 500 }),
}, async (request) => {
  const [, what, user = ""] = new URL(request.url).pathname.split("/");
  const sdp = await request.text();
  if (what === "publish") return new Response(await publish(sdp));
  if (what === "subscribe") return new Response(await subscribe(user));
  await answer(user, sdp);
  return new Response();
});

/** Janus would be the one to start DTLS, and our peer takes every server for one that waits. */
async function publish(sdp: string): Promise<string> {
  const handle = await session.attach();
  await session.ask(handle, {
    request: "create",
    room: ROOM,
    publishers: 1,
    videocodec: "vp8",
    bitrate: 0, // No limit.
  });
  const request = { request: "joinandconfigure", ptype: "publisher", room: ROOM, id: PUBLISHER };
  const offer = sdp.replaceAll("a=setup:actpass", "a=setup:active");
  return described(await session.ask(handle, request, { type: "offer", sdp: offer }));
}

async function subscribe(user: string): Promise<string> {
  const handle = await session.attach();
  handles.set(user, handle);
  const streams = [{ feed: PUBLISHER }];
  const request = { request: "join", ptype: "subscriber", room: ROOM, streams };
  return described(await session.ask(handle, request));
}

async function answer(user: string, sdp: string): Promise<void> {
  const handle = handles.get(user)!; // It subscribed before.
  await session.ask(handle, { request: "start" }, { type: "answer", sdp });
}

function described(jsep: { readonly sdp: string } | undefined): string {
  if (jsep === undefined) throw new Error("Janus gave no description");
  return jsep.sdp;
}
