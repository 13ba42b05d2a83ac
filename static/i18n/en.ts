/**
 * The words of the page in English. The other languages have the same shape, so that a missing text
 * does not compile. A text with a number or a name in it is a function of that.
 */
import type { ErrorCode, LeaveReason, Role } from "../../src/protocol/mod.ts";
import { meetEn } from "./meet_en.ts";
import { extrasEn } from "./extras_en.ts";
import { streamsEn } from "./streams_en.ts";
import { liveEn } from "./live_en.ts";

const plural = (count: number, one: string, many: string): string =>
  `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

const errors: Record<ErrorCode, string> = {
  "bad-message": "The server could not read the message",
  "message-too-large": "The message is too long",
  "unknown-type": "The server does not know this type of message",
  "not-joined": "Join a room first",
  "already-joined": "This connection is in a room already",
  "invalid-room-id": "This is not a room id",
  "invalid-user-id": "This is not a user id",
  "user-id-taken": "Somebody in the room has this user id",
  "room-not-found": "There is no such room",
  "room-full": "The room is full",
  "room-locked": "The room is locked",
  "too-many-rooms": "The server has no room left for another room",
  "too-many-connections": "The server takes no more connections",
  "bad-passcode": "The passcode is missing or wrong",
  "not-allowed": "You may not do this",
  "bad-token": "The token is missing or wrong",
  "no-such-participant": "Nobody in the room has this user id",
  "broadcaster-taken": "The room has a broadcaster already",
  "rate-limited": "Too many messages or wrong codes in a short time",
  "resume-expired": "The seat in the room is gone; join again",
  "slow-consumer": "This tab did not keep up with what was sent to it",
  "no-such-track": "Nobody in the room sends this track",
  "media-failed": "The server could not carry the picture and sound",
  "server-shutting-down": "The server is stopping",
  "internal-error": "Something failed on the server",
};

const roles: Record<Role, string> = {
  participant: "Participant",
  broadcaster: "Broadcaster",
  viewer: "Viewer",
};

const leftBecause: Record<LeaveReason, (who: string) => string> = {
  left: (who) => `${who} left`,
  disconnected: (who) => `${who} lost the connection`,
  timeout: (who) => `${who} did not come back`,
  "slow-consumer": (who) => `${who} could not keep up and was disconnected`,
  "room-ended": (who) => `${who} left: the room was ended`,
  kicked: (who) => `${who} was removed by the host`,
  denied: (who) => `${who} was not admitted`,
};

/** Every text. */
export const en = {
  languageTag: "en",
  errors,
  roles,
  leftBecause,

  // The frame around both pages.
  skipToContent: "Skip to content",
  navigation: "Main",
  start: "Start",
  testPage: "Test page",
  schema: "Schema",
  language: "Language",
  theme: "Theme",
  themeSystem: "System theme",
  themeLight: "Light theme",
  themeDark: "Dark theme",

  // Words of several panels.
  roomId: "Room id",
  userId: "User id",
  displayName: "Name",
  optional: "optional",
  role: "Role",
  idRule: "Use 1 to 64 letters, digits, “_”, “-” or “.”",
  join: "Join",
  leave: "Leave",
  close: "Close",
  dismiss: "Dismiss",
  copy: "Copy",
  copied: "Copied",
  copyFailed: "The browser did not allow copying",
  participants: (count: number) => plural(count, "participant", "participants"),
  viewers: (count: number) => plural(count, "viewer", "viewers"),
  meeting: "Meeting",
  live: "Live",

  // Start page.
  startTitle: "Rooms that talk, from one process",
  startLead:
    "Signalbox is a WebSocket signaling server. People meet in a room by its name or its six " +
    "digits, and what they need to find each other travels through here.",
  joinRoom: "Join a room",
  joinRoomHint: "A room is made when the first person enters it.",
  roomHint: "A name, or the six digits you were given",
  enterRoom: "Enter on the test page",
  newRoom: "Create a room",
  newRoomHint: "Six digits, easy to say on the phone. Reserved for ten minutes.",
  createMeeting: "New meeting",
  createLive: "New live room",
  createFailed: "The server made no room. Try again in a moment.",
  openRooms: "Open rooms",
  noOpenRooms: "No room is open right now. The first to enter opens one.",
  roomsUnavailable: "This server does not list its rooms.",
  joinNamed: (roomId: string) => `Join room ${roomId}`,
  openTestPage: "Open the test page",
  testPageLead:
    "See the wire at work: join, watch every message both ways, send your own, and fill a room with " +
    "simulated users.",
  wireLead: "Every message the server speaks, as AsyncAPI 3 with JSON Schema and examples.",
  openSchema: "Read the schema",

  // Connection.
  connection: "Connection",
  phaseIdle: "Not connected",
  phaseConnecting: "Connecting…",
  phaseOpen: "Connected",
  phaseJoining: "Joining…",
  phaseJoined: (roomId: string) => `In room ${roomId}`,
  phaseReconnecting: "Reconnecting",
  phaseClosed: "Disconnected",
  noRoomYet: "in no room",
  asUser: (userId: string) => `as ${userId}`,
  attempt: (attempt: number, seconds: string) => `attempt ${attempt} in ${seconds} s`,
  attemptNow: (attempt: number) => `attempt ${attempt}`,
  closedWith: (code: number, reason: string) =>
    reason === "" ? `close code ${code}` : `close code ${code}: ${reason}`,
  unreachable: "the server cannot be reached",
  roundTrip: "Round trip",
  milliseconds: (value: string) => `${value} ms`,
  connect: "Connect",
  connectNow: "Connect now",
  disconnect: "Disconnect",

  // Session.
  session: "Session",
  copyInvite: "Copy invite link",
  inviteCopied: "Link to the room copied",
  cancelJoin: "Cancel",
  joinAs: (userId: string) => `Join as ${userId}`,
  serverSays: "The server says",
  userIdHint: "Empty: the server makes one",
  shownState: "Show the others",
  microphone: "Mic",
  camera: "Camera",
  screen: "Screen",
  hand: "Hand",

  // Roster.
  roster: "Roster",
  rosterEmpty: "Join a room to see who is in it.",
  you: "you",
  stateOn: (what: string) => `${what} on`,
  stateOff: (what: string) => `${what} off`,
  connectionLost: "connection lost",
  handRaised: "Hand raised",
  showAll: (count: number) => `Show all ${count.toLocaleString("en")}`,
  writeTo: (who: string) => `Write to ${who}`,
  someoneJoined: (who: string) => `${who} joined`,
  manyCameAndWent: (joined: number, left: number) => {
    const parts = [];
    if (joined > 0) parts.push(`${plural(joined, "person", "people")} joined`);
    if (left > 0) parts.push(`${plural(left, "person", "people")} left`);
    return parts.join(", ");
  },

  // Signaling log.
  log: "Signaling log",
  logEmpty: "Nothing yet. Every message of this tab will appear here, both ways.",
  logNoMatch: "No message passes the filter.",
  filterText: "Filter text",
  filterPlaceholder: "Filter…",
  filterType: "Type",
  filterUser: "User",
  filterDirection: "Direction",
  allTypes: "All types",
  allUsers: "All users",
  bothDirections: "Both ways",
  outgoing: "Out",
  incoming: "In",
  showPings: "Pings",
  resetFilter: "Reset filter",
  pause: "Pause",
  resume: "Resume",
  clear: "Clear",
  copyShown: (count: number) => `Copy ${plural(count, "message", "messages")} as JSON lines`,
  downloadShown: (count: number) =>
    `Download ${plural(count, "message", "messages")} as JSON lines`,
  shownOf: (shown: number, total: number) =>
    `${shown.toLocaleString("en")} of ${total.toLocaleString("en")}`,
  dropped: (count: number) => `${plural(count, "older one", "older ones")} dropped`,
  waiting: (count: number) => `Paused. ${plural(count, "new message", "new messages")}`,
  showOlder: (count: number) => `Show ${plural(count, "older message", "older messages")}`,
  toNewest: "To the newest",
  sentBy: (user: string) => `sent by ${user}`,
  receivedBy: (user: string) => `received by ${user}`,

  // Raw message.
  raw: "Raw message",
  rawLead: "Goes out exactly as written, wrong or not.",
  example: "Example",
  chooseExample: "Choose an example…",
  noExamples: "The server published none",
  sendAs: "Send as",
  me: (userId: string) => `Me (${userId})`,
  messageText: "Message",
  notJson: "This is not JSON. It will go out as it is.",
  send: "Send",
  format: "Format",
  notConnected: "Not sent: there is no connection",

  // Chat.
  chat: "Chat",
  chatEmpty: "No messages yet.",
  chatTo: "To",
  everyone: "Everyone",
  chatText: "Chat message",
  privately: "privately",
  privatelyTo: (who: string) => `privately to ${who}`,

  // Simulated users.
  simulated: "Simulated users",
  simulatedLead: "Each has a WebSocket of its own and joins the same room.",
  howMany: "How many",
  add: "Add",
  leaveAll: "All leave",
  drop: "Drop",
  leaveNamed: (userId: string) => `Leave: ${userId}`,
  dropNamed: (userId: string) => `Drop: ${userId}`,
  simulatedCount: (count: number, most: number) => `${count} of ${most}`,
  addedUsers: (count: number) => `${plural(count, "user", "users")} added`,

  // Keyboard.
  shortcuts: "Keyboard shortcuts",
  shortcutsOn: "Single-key shortcuts are on",
  shortcutsHint: "They rest while you type in a field.",
  shortcutHelp: "Show this list",
  shortcutJoin: "Go to the room field",
  shortcutLeave: "Go to Leave",
  shortcutFilter: "Go to the log’s filter",
  shortcutPause: "Pause or resume the log",
  shortcutLog: "Go to the newest message",
  shortcutRaw: "Go to the raw message",
  shortcutChat: "Go to the chat",
  shortcutHand: "Raise or lower the hand",
  inLog: "In the log: go from message to message, open one",
  inRaw: "In the raw message: send",

  notFound: "There is nothing at this address",
  pageNotLoaded: "The page could not be loaded. Reload it to try again.",

  // The meeting page.
  meet: meetEn,

  // The page of streams.
  streams: streamsEn,

  // Files and recordings.
  extras: extrasEn,

  // Live rooms.
  liveRoom: liveEn,
};

/** What a language has to say. */
export type Texts = typeof en;
