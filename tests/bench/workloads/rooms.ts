/**
 * Entering and leaving rooms, many at once: the join storm itself, and the first step of the other
 * workloads. Every notification is counted, for every connection.
 */
import { encodeFrame } from "../frame.ts";
import { type Delivered, expectCount, type Target } from "../measurement.ts";
import { Needle } from "../needle.ts";
import { LatencyHistogram } from "../statistics.ts";
import { nowUs } from "../timed_frame.ts";

/** How many rooms, and how many enter each. */
export type Rooms = { readonly rooms: number; readonly perRoom: number };

const QUOTE = 0x22;
const BRACKET = 0x5d;
/** Ends `"joined"` and `"user-joined"`; the byte before it tells which. */
const joined = new Needle('joined"');
const users = new Needle('"users":[');
const leaved = new Needle('"leaved"');
const left = new Needle('"user-left"');

/** What a connection has heard of its room. */
type Heard = { replies: number; notifications: number; usersAtJoin: number };

/** The user that a connection plays. */
export function userIdOf(index: number): string {
  return `user${index}`;
}

/** All connections join at once, those of one room spread over the whole burst. */
export function enterRooms(target: Target, rooms: Rooms): Delivered {
  const { load } = target;
  const heard = load.clients.map((): Heard => ({ replies: 0, notifications: 0, usersAtJoin: 0 }));
  const sentAtUs = new Float64Array(load.clients.length);
  const latencies = new LatencyHistogram();
  const due = load.clients.length + notificationsOf(rooms);
  let deliveries = 0;
  load.onText = (client, bytes, from, end) => {
    const mine = heard[client.index]!;
    for (let at = joined.find(bytes, from, end); at >= 0;) {
      deliveries++;
      if (bytes[at - 1] === QUOTE) {
        mine.replies++;
        mine.usersAtJoin = countUsers(bytes, users.find(bytes, from, end), end);
        latencies.record(nowUs() - sentAtUs[client.index]!);
      } else mine.notifications++;
      at = joined.find(bytes, at + joined.length, end);
    }
  };
  load.clients.forEach((client, index) => {
    sentAtUs[index] = nowUs();
    const roomId = `room${index % rooms.rooms}`;
    client.send(encodeFrame(client.encode({ type: "join", roomId, userId: userIdOf(index) })));
    if (index % 32 === 31) load.poll(0);
  });
  load.until(() => deliveries >= due, `${due} deliveries of a join storm`);
  checkRooms(heard, rooms);
  expectCount("deliveries of a join storm", deliveries, due);
  return { deliveries, latencies };
}

/** All connections leave at once; every notification of it is counted too. */
export function leaveRooms(target: Target, rooms: Rooms): void {
  const { load } = target;
  const due = load.clients.length + notificationsOf(rooms);
  let deliveries = 0;
  load.onText = (_client, bytes, from, end) => {
    deliveries += leaved.count(bytes, from, end) + left.count(bytes, from, end);
  };
  for (const client of load.clients) client.send(encodeFrame(client.encode({ type: "leave" })));
  load.until(() => deliveries >= due, `${due} deliveries of a departure`);
  expectCount("deliveries of a departure", deliveries, due);
}

/** Who enters a room is announced to those already there. */
function notificationsOf({ rooms, perRoom }: Rooms): number {
  return rooms * perRoom * (perRoom - 1) / 2;
}

/** Each must have heard of everyone in its room once: in the reply or in a notification. */
function checkRooms(heard: readonly Heard[], { perRoom }: Rooms): void {
  for (const { replies, notifications, usersAtJoin } of heard) {
    expectCount("replies to a join", replies, 1);
    expectCount("users that a connection heard of", usersAtJoin + notifications, perRoom);
  }
}

/** The strings in the array that starts behind the needle at `at`. */
function countUsers(bytes: Uint8Array, at: number, end: number): number {
  let quotes = 0;
  for (let index = at + users.length; at >= 0 && index < end; index++) {
    if (bytes[index] === QUOTE) quotes++;
    else if (bytes[index] === BRACKET) break;
  }
  return quotes / 2;
}
