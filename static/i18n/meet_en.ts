/** The words of the meeting page in English; `en.ts` takes them in. */
import type { ErrorCode, LeaveReason, MediaState } from "../../src/protocol/mod.ts";
import type { LinkReport } from "../call/link_report.ts";
import type { DeviceFault, DeviceKind, SoundProcessing, SourceKind } from "../state/media_port.ts";
import type { Quality } from "../state/quality.ts";

const deviceKinds: Record<DeviceKind, string> = {
  camera: "Camera",
  microphone: "Microphone",
  speaker: "Speaker",
};
const deviceInText: Record<SourceKind, string> = { camera: "camera", microphone: "microphone" };

const faults: Record<DeviceFault, (what: string) => string> = {
  denied: (what) => `The browser does not let this page use the ${what}`,
  missing: (what) => `No ${what} was found`,
  busy: (what) => `Another program is using the ${what}`,
  insecure: (what) => `The ${what} works only over HTTPS`,
  unsupported: (what) => `This browser cannot use the ${what}`,
  cancelled: (what) => `The ${what} was not chosen`,
  failed: (what) => `The ${what} could not be started`,
};
const faultHelp: Record<DeviceFault, string> = {
  denied:
    "Click the sign beside the address, allow it for this page, and try again. If it is allowed there, " +
    "look into the privacy settings of your system.",
  missing: "Plug one in and it starts by itself, or join without.",
  busy: "Close the other program or tab that uses it, then try again.",
  insecure:
    "This page came over plain HTTP, where browsers open no devices. Ask for its address with https://.",
  unsupported: "Use a current version of Chrome, Edge, Firefox or Safari, or join without.",
  cancelled: "Choose it, or join without.",
  failed: "Plug it in again or restart the browser, then try again.",
};

const processing: Record<keyof SoundProcessing, string> = {
  noiseSuppression: "Noise suppression",
  echoCancellation: "Echo cancellation",
  autoGainControl: "Automatic volume",
};

const qualities: Record<Quality, string> = {
  good: "Good connection",
  fair: "Fair connection",
  poor: "Poor connection",
  lost: "Connection interrupted",
  unknown: "Connection not measured yet",
};

const paths: Record<LinkReport["path"], string> = {
  p2p: "direct",
  turn: "TURN relay",
  sfu: "media server",
  relay: "server relay",
  unknown: "not known yet",
};

const endings: Record<LeaveReason, string> = {
  left: "You left the meeting",
  disconnected: "The connection was lost",
  timeout: "You were away too long",
  "slow-consumer": "This tab could not keep up",
  "room-ended": "The meeting was ended for everyone",
  kicked: "A host removed you from the meeting",
  denied: "A host did not let you in",
};
const endingHelp: Record<LeaveReason, string> = {
  left: "Camera and microphone are off.",
  disconnected: "Join again to go on.",
  timeout: "Your seat was given up. Join again to go on.",
  "slow-consumer":
    "The network or this computer was too slow for the meeting. Join again to go on.",
  "room-ended": "A host ended it. Camera and microphone are off.",
  kicked:
    "You cannot come back to this meeting. If that was a mistake, ask the host for a new one.",
  denied: "You may ask again.",
};

const refusalHelp: Partial<Record<ErrorCode, string>> = {
  "room-locked":
    "The host lets nobody else in. Ask the host to unlock the meeting, then join again.",
  "user-id-taken": "You seem to be in this meeting in another tab or on another device.",
  "not-allowed": "You were removed from this meeting, or may not enter it.",
  "bad-token": "Open the meeting from the place where you got its link.",
  "invalid-room-id": "Check the address of the meeting.",
  "broadcaster-taken": "Somebody else broadcasts in this room.",
};

const signs:
  & Record<"hand" | "screen" | "recording", (who: string) => string>
  & Record<"audio" | "video", (who: string) => string> = {
    hand: (who) => `${who} raised a hand`,
    screen: (who) => `${who} shares a screen`,
    recording: (who) => `${who} records the meeting`,
    audio: (who) => `${who} turned the microphone on`,
    video: (who) => `${who} turned the camera on`,
  } satisfies Record<keyof MediaState, (who: string) => string>;

/** The words. */
export const meetEn = {
  titleOf: (roomId: string) => `Meeting ${roomId}`,
  deviceKinds,
  deviceInText,
  faults,
  faultHelp,
  processing,
  qualities,
  paths,
  endings,
  endingHelp,
  refusalHelp,
  signs,

  // Before the meeting.
  readyToJoin: "Ready to join?",
  meetingCode: "Meeting",
  yourName: "Your name",
  joinNow: "Join now",
  joinBare: "You join without camera and microphone. You can turn them on later.",
  joinHereToo: "Join here too",
  passcode: "Passcode",
  passcodeHint: "This meeting has a passcode. The host knows it.",
  passcodeWrong: "This passcode is wrong",
  preview: "Your picture",
  cameraIsOff: "Your camera is off",
  cameraStarts: "The camera is starting…",
  microphoneLevel: "Microphone level",
  tryAgainWith: (what: string) => `Try the ${what} again`,
  devices: "Camera, microphone and speaker",
  browserChoice: "Chosen by the browser",
  noDevice: "None found",
  soundAndPicture: "Sound and picture",
  blur: "Blur background",

  // On the way.
  entering: "Joining the meeting…",
  joined: "You are in the meeting",
  serverAway: "The server cannot be reached",
  serverAwayHelp: "This page goes on trying by itself.",
  waiting: "Waiting until a host lets you in",
  waitingHelp: "The host knows that you are here. Keep this page open.",
  retryHelp: (seconds: number) => `This page tries again every ${seconds} seconds.`,
  cancel: "Cancel",
  rejoin: "Join again",
  toStart: "Back to start",
  elsewhere: "The meeting goes on in another tab",
  elsewhereHelp: "Your seat is there now. Join again to bring it here.",
  closed: "The server closed the connection",

  // The call.
  stage: "Participants",
  controls: "Controls",
  microphone: "Microphone",
  camera: "Camera",
  shareScreen: "Share screen",
  raiseHand: "Raise hand",
  react: "React",
  reactions: ["Thumbs up", "Applause", "Heart", "Laughing", "Surprised", "Celebrate"],
  leave: "Leave",
  leaveTitle: "Leave the meeting?",
  leaveText: "If you leave, somebody else becomes host. You can also end it for everyone.",
  endForAll: "End for everyone",
  toGridView: "Show everybody in a grid",
  toSpeakerView: "Show the speaker large",
  people: "People",
  peopleCount: (count: number, waiting: number) =>
    waiting === 0 ? `People: ${count}` : `People: ${count}, ${waiting} waiting`,
  chatUnread: (count: number) => count === 0 ? "Chat" : `Chat: ${count} unread`,
  chatFrom: (who: string) => `${who} wrote in the chat`,
  connectionQuality: "Connection quality",
  copyLink: "Copy link",
  linkCopied: "Link to the meeting copied",
  shareLink: "Share link",
  inviteTitle: (roomId: string) => `Meeting ${roomId}`,
  youNamed: (name: string) => `${name} (you)`,
  cameraOf: (who: string) => `Camera of ${who}`,
  screenOf: (who: string) => `Screen of ${who}`,
  pin: (what: string) => `Pin ${what}`,
  moreNotShown: (count: number) => `${count} more`,
  handUp: "Hand raised",
  sharesScreen: "Shares a screen",
  records: "Records",
  recording: "Recording",
  watchedOverHttp: (count: number) =>
    count === 1 ? "1 watches over HTTP" : `${count} watch over HTTP`,
  speaks: "Speaks",
  host: "Host",
  microphoneOn: "Microphone on",
  microphoneOff: "Microphone off",
  cameraOn: "Camera on",
  cameraOff: "Camera off",
  theyReconnect: "Reconnecting…",
  linkInterrupted: "Interrupted, reconnecting…",
  linkConnecting: "Connecting…",
  soundBlocked: "The browser waits for a click before it plays sound.",
  playSound: "Play sound",

  // Hosts.
  hostTools: "Host tools",
  lock: "Lock the meeting",
  lobby: "Let people wait until I admit them",
  locked: "Locked",
  lobbyOn: "Waiting room",
  knocks: (count: number) => count === 1 ? "1 person waits" : `${count} people wait`,
  knockFrom: (who: string) => `${who} waits to be let in`,
  admit: "Admit",
  admitNamed: (who: string) => `Admit ${who}`,
  admitAll: "Admit all",
  deny: "Deny",
  denyNamed: (who: string) => `Deny ${who}`,
  muteNamed: (who: string) => `Mute ${who}`,
  cameraOffNamed: (who: string) => `Ask ${who} to turn the camera off`,
  actionsFor: (who: string) => `Actions for ${who}`,
  write: "Write",
  mute: "Mute",
  askCameraOff: "Camera off",
  askShareOff: "End share",
  shareOffNamed: (who: string) => `Ask ${who} to end the share`,
  kick: "Remove",
  kickNamed: (who: string) => `Remove ${who}`,
  kickTitle: (who: string) => `Remove ${who}?`,
  kickText: "They cannot come back to this meeting.",

  // Told in passing.
  deviceFound: (kind: string, name: string) => `${kind} plugged in: ${name}`,
  deviceLost: (name: string) => `${name} was unplugged`,
  deviceReplaced: (name: string, next: string) => `${name} was unplugged. Now in use: ${next}`,
  useDevice: "Use it",
  shareFailed: "The screen could not be shared",
  mutedBy: (who: string) => `${who} muted you`,
  unmute: "Unmute",
  askedToStop: {
    audio: (who: string) => `${who} asks you to mute`,
    video: (who: string) => `${who} asks you to turn the camera off`,
    screen: (who: string) => `${who} asks you to end your share`,
  },
  turnOff: "Turn off",
  youAreHost: "You are host now",
  newHost: (who: string) => `${who} is host now`,
  roomChanges: {
    locked: "The room is locked",
    unlocked: "The room is open again",
    "lobby-on": "Who joins waits to be admitted",
    "lobby-off": "Who joins comes in at once",
  },
  fileOffered: (who: string, name: string) => `${who} offers a file: ${name}`,
  lagged: (count: number) => `This tab was too slow and missed ${count} messages`,

  // Statistics.
  noStatistics: "Nothing to measure while you are alone.",
  copyAsJson: "Copy as JSON",
  kbps: (value: number) => `${Math.round(value)} kbit/s`,
  ms: (value: number) => `${Math.round(value)} ms`,
  percent: (value: number) => `${value.toFixed(1)} %`,
  statistics: {
    down: "Down",
    up: "Up",
    roundTrip: "Round trip",
    loss: "Loss",
    jitter: "Jitter",
    received: "Received picture",
    sent: "Sent picture",
    codec: "Codecs",
    path: "Path",
    travel: "Media travel",
    sizes: "Camera sizes",
    wanted: "Wanted by others",
    wantedScreen: "Screen wanted by others",
    asked: "Asked for",
    room: "Whole room",
  },
  /** What browser and server have counted of a stream, side by side. */
  counted: {
    browser: "Browser",
    server: "Server",
    rate: "Rate",
    picture: "Lines",
    packets: "Packets",
    bytes: "Bytes",
    lost: "Lost",
    nacks: "NACK",
    plis: "PLI",
    retransmitted: "Sent again",
    sizes: "Camera sizes at the server",
    estimate: "Way down, by the server",
    paused: "paused",
  },
  streams: {
    camera: "Camera",
    screen: "Screen",
    microphone: "Microphone",
    screenSound: "Screen sound",
  },
  /** How the media of the room travel. */
  topologies: { mesh: "from each to each", sfu: "through the server" },
  roomMedia: "The room",
  upToHeight: (height: number) => `up to ${height} lines`,
  fullHeight: "as tall as it comes",
  nobodyLooks: "nobody looks",
  sizeOff: (size: string) => `${size} off`,

  // Keyboard.
  keyMicrophone: "Microphone on or off",
  keyCamera: "Camera on or off",
  keyShare: "Share a screen, or end that",
  keyHand: "Raise or lower the hand",
  keyReact: "React",
  keyView: "Grid or speaker",
  keyPeople: "People",
  keyChat: "Chat",
  keyLeave: "Leave",

  // Start page.
  meetRoom: "Join the meeting",
  newMeetingOptions: "Options for a new meeting",
  withLobby: "Let people wait until I admit them",
  withPasscode: "Passcode",
};

/** What a language has to say about meetings. */
export type MeetTexts = typeof meetEn;
