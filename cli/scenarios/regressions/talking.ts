/**
 * Scripts about what is sent: a script in a chat message, a frame that is far too large, a reader
 * that reads no more. Nobody else may notice (rules CH2, ER2, ME3, BP1 to BP4).
 */
import { shown } from "../../verify/mod.ts";
import { pause, waitUntil } from "../waiting.ts";
import type { Guest } from "./guest.ts";
import type { Message } from "./guest_view.ts";
import type { Scene } from "./scene.ts";

/** What a page that shows text as markup, a template or a query would carry out. */
const SCRIPTS: readonly string[] = [
  "<script>alert(document.cookie)</script>",
  '"><img src=x onerror="alert(1)">',
  "<svg/onload=alert(1)>",
  "</textarea><iframe src=javascript:alert(1)>",
  "[click](javascript:alert`1`)",
  "${7*7} {{7*7}} <%= 7*7 %>",
  "'; DROP TABLE rooms; --",
  "&lt;b&gt; &amp;amp; %3Cb%3E \\u003cb\\u003e",
];
/** More than a connection and the kernels on both sides take for one that does not read. */
const FLOOD_BYTES = 12 * 1024 * 1024;
/** One message of the flood at most; less where the server allows less. */
const MAX_FLOOD_MESSAGE_BYTES = 60_000;
/** Messages of the flood that are sent at once. */
const PORTION = 16;
/** What a description has around it in its message. */
const ENVELOPE_BYTES = 400;
/** A slow reader is closed after 10 s (rule BP4); its snapshot comes as soon as it reads. */
const SLOW_MS = 12_000;

/** Scripts as names, chat, data and descriptions: everything arrives as it was sent. */
export async function sendScripts(scene: Scene): Promise<void> {
  const guests: Guest[] = [];
  for (const [index, userId] of scene.userIds.entries()) {
    const since = guests.map(({ heard }) => heard.length);
    const name = SCRIPTS[index % SCRIPTS.length]!;
    const guest = await scene.enter(userId, { name });
    await scene.catchUp(guests);
    guests.forEach((member, at) => {
      const [seen] = member.heardSince(since[at]!, "user-joined").map(nameOf);
      scene.check(member, "ID3", { message: `name of ${userId}`, expected: name, seen });
    });
    guests.push(guest);
  }
  const [speaker, ...listeners] = guests as [Guest, ...Guest[]]; // A room has two at least.
  for (const text of SCRIPTS) {
    const since = listeners.map(({ heard }) => heard.length);
    const payload = { text, [text]: [text] };
    await scene.chat(speaker, text);
    await scene.must(speaker, { type: "data", payload }, "data", "DA1");
    for (const { userId: to } of listeners) {
      const description = { type: "offer", sdp: text };
      await scene.must(speaker, { type: "offer", to, description }, "ok", "RL1");
    }
    await scene.catchUp(listeners);
    listeners.forEach((listener, at) => {
      const [chat, data, offer] = listener.heardSince(since[at]!, "chat", "data", "offer");
      scene.check(listener, "CH2", { message: "chat", expected: text, seen: chat?.text });
      scene.check(listener, "DA1", { message: "data", expected: payload, seen: data?.payload });
      const expected = { type: "offer", sdp: text };
      scene.check(listener, "RL1", { message: "offer", expected, seen: offer?.description });
    });
  }
}

/** One sends a frame that is far too large, then a larger one: it hears why, nobody else notices. */
export async function sendOversized(scene: Scene): Promise<void> {
  const [sender, ...others] = await scene.enterAll() as [Guest, ...Guest[]];
  const maxBytes = sender.limit("maxMessageBytes");
  const since = sender.heard.length;
  sender.say({ type: "chat", text: "x".repeat(2 * maxBytes) });
  const isIt = ({ type, code }: Message) => type === "error" && code === "message-too-large";
  await sender.hear({ rule: "ME3", message: "error message-too-large", since, isIt });
  await scene.chat(sender, "Sorry, that was too long");
  sender.expectEnd(); // Rule ME7: beyond four times the limit a listener may hang up.
  const before = sender.heard.length;
  sender.say({ type: "chat", text: "x".repeat(8 * maxBytes) });
  await waitUntil(() => {
    const isAnswered = sender.heard.slice(before).some(isIt) || sender.end !== undefined;
    return isAnswered ? undefined : `${sender.userId} waits for the answer to a large frame`;
  }, { ...scene.context, timeoutMs: scene.context.settings.timeoutMs });
  for (const speaker of others) await scene.chat(speaker, `${speaker.userId} is still here`);
  await scene.catchUp(others);
  for (const other of others) {
    const seen = other.heardSince(0, "chat").length;
    scene.check(other, "ER2", { message: "chats", expected: others.length + 1, seen });
  }
}

/** One stops to read while much is sent to it and the others go on; then it reads on. */
export async function readSlowly(scene: Scene): Promise<void> {
  const members = await scene.enterAll();
  const [speaker, leaver, reader, ...others] = members as [Guest, Guest, Guest, ...Guest[]];
  const since = reader.heard.length;
  reader.expectEnd(); // Rule BP4 allows it.
  reader.stopReading();
  const flooded = await flood(scene, speaker, reader);
  for (const guest of [speaker, ...others]) await scene.chat(guest, `${guest.userId} goes on`);
  await scene.leave(leaver);
  await scene.catchUp([speaker, ...others]);
  const chats = 1 + others.length;
  for (const guest of [speaker, ...others]) {
    const seen = guest.heardSince(0, "chat").length;
    scene.check(guest, "BP1", { message: "chats", expected: chats, seen });
  }
  reader.readOn();
  const left = await outcomeFor(scene, reader, since);
  if (left === "closed") {
    scene.check(reader, "BP4", { message: "the end", expected: 1008, seen: reader.end?.code });
    return;
  }
  const heard = reader.heardSince(since, "offer", "chat", "user-left").length;
  const dropped = reader.heardSince(since, "lagged")
    .reduce((sum, message) => sum + Number(message.dropped), 0);
  const due = flooded + chats + 1;
  const seen = `${heard} and ${dropped} dropped`;
  scene.check(reader, "BP2", {
    message: "everything that was sent to it, or how much was dropped",
    expected: `${due - dropped} and ${dropped} dropped`,
    seen,
  });
  if (dropped === 0) scene.context.notes.push("The reader was never behind enough (BP2)");
  const present = members.filter((member) => member !== leaver);
  await scene.checkRosters(present);
}

/** Sends `reader` more than it can hold. Returns how many messages. */
async function flood(scene: Scene, speaker: Guest, reader: Guest): Promise<number> {
  const bytes = Math.min(
    MAX_FLOOD_MESSAGE_BYTES,
    speaker.limit("maxMessageBytes") - ENVELOPE_BYTES,
  );
  const burst = Math.max(1, Math.floor(speaker.limit("messageBurst") / 2));
  const restMs = 1_000 * burst / Math.max(1, speaker.limit("messagesPerSecond"));
  const sdp = "v=0 ".padEnd(bytes, "a=candidate ");
  const count = Math.ceil(FLOOD_BYTES / bytes);
  for (let sent = 1; sent <= count; sent++) {
    const description = { type: "offer", sdp };
    speaker.say({ type: "offer", to: reader.userId, description });
    if (sent % burst === 0) await pause(restMs, scene.context);
    // What comes all at once is no fault of the reader: the server has to see that it stays unread.
    if (sent % PORTION === 0) await speaker.catchUp();
  }
  await speaker.catchUp();
  return count;
}

/** Rule BP2 or rule BP4: the reader is told what it missed, or its connection is ended. */
async function outcomeFor(scene: Scene, reader: Guest, since: number): Promise<"closed" | "told"> {
  const isDone = () => {
    if (reader.end !== undefined) return true;
    const [lagged] = reader.heardSince(since, "lagged");
    return lagged === undefined
      ? reader.heardSince(since, "user-left").length > 0
      : reader.heardSince(since, "snapshot").length > 0;
  };
  const { settings } = scene.context;
  try {
    await waitUntil(
      () => isDone() ? undefined : `${reader.userId} has neither its messages nor a snapshot`,
      {
        ...scene.context,
        timeoutMs: Math.min(settings.timeoutMs, SLOW_MS),
        activity: () => reader.heard.length,
      },
    );
  } catch (error) {
    const seen = shown(reader.heard.at(-1)?.type);
    reader.report("BP2", "what it missed", "lagged and a snapshot, or everything", seen);
    throw error;
  }
  return reader.end === undefined ? "told" : "closed";
}

function nameOf({ participant }: Message): unknown {
  return (participant as Message | undefined)?.name;
}
