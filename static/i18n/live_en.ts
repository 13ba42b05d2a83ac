/** The words of the live rooms' pages in English; `en.ts` takes them in. */
import type { ErrorCode, LeaveReason, MediaPath } from "../../src/protocol/mod.ts";
import type { LadderReason } from "../call/ladder.ts";
import type { SlowReason } from "../state/live/slow_reasons.ts";

const rungs: Record<MediaPath, string> = {
  p2p: "Directly",
  turn: "Over a TURN server",
  sfu: "Through the media server",
  relay: "Over the web connection",
};
const rungHelp: Record<MediaPath, string> = {
  p2p: "Straight from the broadcaster: the shortest way.",
  turn: "A relay passes every packet on, because no direct way is open.",
  sfu: "The server receives the broadcast once and sends it to everybody.",
  relay: "Frame by frame over the connection of this page: it works wherever the page does.",
};
const why: Record<LadderReason, string> = {
  "no-direct-path": "No direct way is open between you and the broadcaster.",
  "no-media-path": "Neither a direct way nor the server's media port can be reached from here.",
  stalled: "The picture stopped on a better way.",
  "room-is-large": "Many people watch, so the server passes the broadcast on.",
  "others-need-it":
    "Somebody in the room has no direct way, so the server passes the broadcast on.",
  forced: "This link demands it.",
};
const slow: Record<SlowReason, string> = {
  server: "Your connection to the server is lost. This page reconnects by itself.",
  broadcaster: "The broadcaster's connection is lost. The picture comes back by itself.",
  path: "No picture comes at the moment. This page tries every way there is.",
  network: "Your network loses packets or is slow. A place closer to the router may help.",
  upload: "The broadcaster's network cannot send more.",
  encoder: "The broadcaster's device is too slow for this quality.",
  camera: "The broadcaster's camera gives only a few pictures a second.",
  decode: "This device is too slow to show every picture. Close other programs or tabs.",
  relay: "No fast way is open here, so pictures come over the web connection.",
  turn: "The picture takes a detour over a TURN server.",
};
const endings: Record<LeaveReason, string> = {
  left: "You left the broadcast",
  disconnected: "The connection was lost",
  timeout: "You were away too long",
  "slow-consumer": "This tab could not keep up",
  "room-ended": "The broadcast has ended",
  kicked: "The broadcaster removed you",
  denied: "The broadcaster did not let you in",
};
const endingHelp: Record<LeaveReason, string> = {
  left: "You can come back as long as it goes on.",
  disconnected: "Watch again to go on.",
  timeout: "Watch again to go on.",
  "slow-consumer": "The network or this device was too slow. Watch again to go on.",
  "room-ended": "Thank you for watching.",
  kicked: "You cannot come back to this broadcast.",
  denied: "You may ask again.",
};
const refusals: Partial<Record<ErrorCode, string>> = {
  "room-not-found": "No broadcast has this code",
  "room-locked": "The broadcaster lets nobody else in",
  "room-full": "All places are taken",
  "rate-limited": "Too many codes were tried",
  "not-allowed": "You cannot come back to this broadcast",
  "bad-passcode": "This room has a passcode",
  "broadcaster-taken": "Somebody else broadcasts under this code",
  "user-id-taken": "This broadcast goes on in another tab",
};
const refusalHelp: Partial<Record<ErrorCode, string>> = {
  "room-not-found": "Check the six digits. Perhaps the broadcast has ended, or not begun yet.",
  "room-locked": "Ask the broadcaster to unlock it, then try again.",
  "not-allowed": "The broadcaster has removed you from it.",
  "bad-passcode": "The broadcaster knows it.",
  "broadcaster-taken": "There is one broadcaster in a room. Go live under a new code.",
  "user-id-taken": "End it there, or go live under a new code here.",
};

/** The words. */
export const liveEn = {
  rungs,
  rungHelp,
  why,
  slow,
  endings,
  endingHelp,
  refusals,
  refusalHelp,
  title: "Live",
  titleOf: (code: string) => `Live ${code}`,
  onAirTitle: (code: string) => `On air ${code}`,

  // The door.
  doorTitle: "Go live, or watch",
  doorLead: "Six digits are all it takes: read them out, and others see you.",
  watch: "Watch",
  watchHint: "Type the six digits that you were given.",
  code: "Code",
  codeHint: "Six digits; spaces and dashes do not matter",
  codeIncomplete: "A code has six digits",
  goLive: "Go live",
  goLiveHint: "Show your camera or your screen. You get a code to read out.",
  openStudio: "Set up the picture",
  watchNow: "Watch now",

  // Before the broadcast.
  studioTitle: "Ready to go live?",
  yourName: "Your name",
  quality: "Quality",
  heightName: (height: number) => `${height}p`,
  cameraGives: (width: number, height: number, rate: number) =>
    `Your camera gives ${width}×${height}, ${rate} pictures a second`,
  cameraGivesLess: (width: number, height: number, rate: number) =>
    `Your camera gives no more than ${width}×${height}, ${rate} pictures a second`,
  preview: "Your picture",
  noPicture: "Nobody sees you: the camera is off",
  goLiveNow: "Go live now",
  gettingCode: "Getting a code…",
  codeFailed: "The server gave no code. Try again in a moment.",
  toDoor: "Back",

  // On air.
  onAir: "Live",
  onAirSince: (time: string) => `On air for ${time}`,
  nowOnAir: (code: string) => `You are live. The code is ${code}`,
  returning: "Going back on air…",
  returningHelp: "The server is freeing your former place. This takes a few seconds.",
  giveUp: "Give up",
  screenLost: "The reload has ended your screen share. Viewers see nothing until you choose again.",
  shareAgain: "Choose a screen",
  showCameraInstead: "Show the camera",
  showCamera: "Show the camera",
  showScreen: "Show a screen",
  settings: "Camera, microphone and quality",
  end: "End the broadcast",
  endTitle: "End the broadcast?",
  endText: "It ends for everybody, and the code is given up.",
  endNow: "End it now",
  endedByYou: "You have ended the broadcast",
  endedHelp: "Camera and microphone are off.",
  goLiveAgain: "Go live again",
  viewers: (count: number) => count === 1 ? "1 viewer" : `${count} viewers`,
  viewersTab: "Viewers",
  noViewers: "Nobody watches yet. Read out the code, or share the link.",
  lock: "Let nobody else in",
  muteNamed: (who: string) => `Mute ${who}`,
  unmuteNamed: (who: string) => `Let ${who} write again`,
  mute: "Mute",
  unmute: "Unmute",
  muted: "muted",
  remove: "Remove",
  removeNamed: (who: string) => `Remove ${who}`,
  removeTitle: (who: string) => `Remove ${who}?`,
  removeText: "They cannot come back to this broadcast.",
  actionsFor: (who: string) => `Actions for ${who}`,
  pathUnknown: "way not known yet",
  seesNothing: "sees no picture",

  // Sharing.
  shareTab: "Share",
  yourCode: "Your code",
  copyCode: "Copy code",
  codeCopied: "Code copied",
  copyLink: "Copy link",
  linkCopied: "Link copied",
  shareLink: "Share link",
  shareTitle: "Watch me live",
  qrCode: "QR code of the link",
  qrHint: "Point the camera of a phone at it.",

  // Statistics.
  statisticsTab: "Statistics",
  up: "Sent",
  available: "Network would take",
  picture: "Picture",
  codec: "Codecs",
  limit: "Held down by",
  limits: {
    none: "nothing",
    cpu: "this device",
    bandwidth: "the network",
    other: "something else",
  },
  travels: "Travels",
  travelOf: {
    mesh: "to each viewer",
    sfu: "once, to the server",
  },
  relayed: "Over the web connection",
  relayedTo: (count: number) => count === 1 ? "to 1 viewer" : `to ${count} viewers`,
  perViewer: "Per viewer",
  unknown: "–",

  // Watching.
  entering: "Looking for the broadcast…",
  watching: "You are watching",
  waitSeconds: (seconds: number) => `The next try is in ${seconds} s.`,
  tryAgain: "Try again",
  passcode: "Passcode",
  passcodeWrong: "This passcode is wrong",
  otherCode: "Another code",
  watchAgain: "Watch again",
  retryNote: "This page tries again by itself.",
  serverAway: "The server cannot be reached",
  player: "Broadcast",
  pictureOf: (who: string) => `Picture of ${who}`,
  away: "The broadcaster is away",
  awayHelp: "The picture comes by itself as soon as they are here.",
  reconnecting: "The broadcaster is reconnecting",
  reconnectingHelp: "The picture comes back by itself.",
  dark: "The picture is off",
  darkHelp: "The broadcaster shows nothing at the moment.",
  coming: "The picture is coming…",
  comingHelp: "This page tries every way there is.",
  tapForSound: "Tap for sound",
  soundOn: "Sound",
  volume: "Volume",
  fullScreen: "Full screen",
  pictureInPicture: "Picture in picture",
  leave: "Stop watching",
  chatTab: "Chat",
  mutedByBroadcaster: "The broadcaster has muted you: you can read, but not write.",
  howItComes: "How the picture comes",
  now: "now",
  spent: (time: string) => `${time} so far`,
  whySlow: "Why is it slow?",
  notSlow: "It is not slow: the picture moves as it should.",
  received: "Received",
  drawn: "Shown",
  perSecond: (count: number) => `${count}/s`,
  dropped: "Left out",
  loss: "Lost packets",
  roundTrip: "Round trip",
  broadcasterSends: "Broadcaster sends",

  // Keyboard.
  keySound: "Sound on or off",
  keyFullScreen: "Full screen",
  keyPictureInPicture: "Picture in picture",
  keyStatistics: "Statistics",
  keyChat: "Chat",
  keyMicrophone: "Microphone on or off",
  keyCamera: "Camera on or off",
  keyScreen: "Show a screen, or end that",
  keyShare: "Code and link",
  keyViewers: "Viewers",
  keyEnd: "End the broadcast",

  // Start page.
  openLive: "Go live, or watch with a code",
  openLiveLead:
    "Show your camera or screen to whoever has your six digits, whichever way is open to them.",
};

/** What a language has to say about live rooms. */
export type LiveTexts = typeof liveEn;
