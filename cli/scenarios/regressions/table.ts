/**
 * The regressions of others by name: scenarios that repeat what people reported of other projects,
 * each with the thread. `../table.ts` finds them beside the other scenarios.
 */
import { CONNECT, CONNECTION_RULES, GONE, JOIN, LEAVE, STAY_RULES } from "../steps.ts";
import { comeAndGo, fillRoom, talkSideBySide } from "./crowding.ts";
import { admitOneByOne, arriveEarly, handOver, kickAndKeepOut } from "./moderating.ts";
import { offerAtOnce, sendCandidatesEarly } from "./negotiating.ts";
import type { Regression } from "./regression.ts";
import {
  comeBackTooLate,
  joinTwice,
  resumeBeforeAnyMessage,
  resumeTwice,
  switchNetworks,
} from "./resuming.ts";
import { returnAfterLoss, returnAtOnce } from "./returning.ts";
import { played, playedTogether } from "./scene.ts";
import { readSlowly, sendOversized, sendScripts } from "./talking.ts";

/** What every guest puts to the test. */
const GUEST_RULES = [...CONNECTION_RULES, "JO2", "ME4", "OR2"];
const MEMBER_RULES = [...GUEST_RULES, "JO3"];
const USER_RULES = [...CONNECTION_RULES, ...STAY_RULES];

/** Every regression. */
export const REGRESSIONS: Readonly<Record<string, Regression>> = {
  "ghosts-after-four-network-switches": {
    summary: "the network changes four times in a row: no second self",
    thread: "https://github.com/jitsi/jitsi-meet/issues/17352",
    steps: [played("switch", switchNetworks)],
    rules: [...MEMBER_RULES, "CH1", "RE2", "RE3", "RE4"],
    minMembers: 2,
  },
  "resume-twice": {
    summary: "a seat is resumed a second time, as well as the first",
    thread: "https://github.com/socketio/socket.io/issues/4880",
    steps: [played("resume", resumeTwice)],
    rules: [...MEMBER_RULES, "CH1", "RE2", "RE3", "RE4"],
    minMembers: 2,
  },
  "resume-before-any-message": {
    summary: "who has heard nothing yet can resume",
    thread: "https://github.com/socketio/socket.io/issues/5538",
    steps: [played("resume", resumeBeforeAnyMessage)],
    rules: [...MEMBER_RULES, "RE4"],
  },
  "rejoin-after-expiry": {
    summary: "back after the grace time: told so, and in again at once",
    thread: "https://github.com/nextcloud/spreed/issues/9382",
    steps: [played("return", comeBackTooLate)],
    rules: [...MEMBER_RULES, "LE3", "LE4", "RE3", "RE8"],
    minMembers: 2,
    defaults: { users: 3 },
    server: { resumeGraceMs: 500 },
  },
  "duplicate-identity-rejoin": {
    summary: "an id in use is refused or taken over, never there twice",
    thread: "https://github.com/livekit/livekit/issues/1022",
    steps: [played("rival", joinTwice)],
    rules: [...MEMBER_RULES, "JO5", "RE7"],
    minMembers: 2,
  },
  "id-free-after-network-loss": {
    summary: "a lost connection frees its id for the one who returns",
    thread: "https://github.com/peers/peerjs/issues/224",
    steps: [played("return", returnAfterLoss)],
    rules: [...MEMBER_RULES, "JO5", "LE3"],
    minMembers: 2,
  },
  "no-event-on-same-identity-rejoin": {
    summary: "the others hear each departure and return of the same id",
    thread: "https://github.com/livekit/livekit/issues/4477",
    steps: [played("return", returnAtOnce)],
    rules: [...MEMBER_RULES, "LE2", "LE3"],
    minMembers: 2,
  },
  "glare-storm": {
    summary: "both sides offer at once, again and again: nothing is lost",
    thread: "https://github.com/feross/simple-peer/issues/265",
    steps: [CONNECT, JOIN, { name: "glare", run: offerAtOnce }, LEAVE, GONE],
    rules: [...USER_RULES, "RL1", "OR3"],
    defaults: { users: 8 },
    minMembers: 2,
  },
  "candidates-before-the-description": {
    summary: "candidates before and after a description keep their order",
    thread: "https://github.com/mdn/content/issues/42097",
    steps: [CONNECT, JOIN, { name: "trickle", run: sendCandidatesEarly }, LEAVE, GONE],
    rules: [...USER_RULES, "RL1", "OR3"],
    defaults: { users: 8 },
    minMembers: 2,
  },
  "slow-reader": {
    summary: "one reads no more: the others go on, it is told what it lost",
    thread: "https://github.com/micronaut-projects/micronaut-core/issues/8984",
    steps: [played("flood", readSlowly)],
    rules: [...MEMBER_RULES, "BP1", "BP2", "CH1"],
    minMembers: 4,
    server: { maxBufferedBytes: 256 * 1024 },
  },
  "oversized-frame-survives": {
    summary: "a frame that is far too large takes nobody down",
    thread: "https://github.com/websockets/ws/issues/1447",
    steps: [played("send", sendOversized)],
    rules: [...MEMBER_RULES, "CH1", "ER2", "ME3"],
    minMembers: 2,
  },
  "script-in-chat-and-names": {
    summary: "markup in names, chat and data arrives as the text it is",
    thread: "https://github.com/miroslavpejic85/mirotalk/issues/103",
    steps: [played("send", sendScripts)],
    rules: [...MEMBER_RULES, "CH2", "DA1", "ID3", "RL1"],
    minMembers: 2,
  },
  "lobby-bypass-by-arriving-early": {
    summary: "who is there before the host waits all the same",
    thread: "https://github.com/jitsi/jitsi-meet/issues/7676",
    steps: [played("knock", arriveEarly)],
    rules: [...GUEST_RULES, "CR1", "HO4", "LB2", "LB3", "LB4", "LB5", "LB8"],
    minMembers: 3,
  },
  "admit-one-by-one": {
    summary: "the host admits one, and exactly that one enters",
    thread: "https://github.com/nextcloud/spreed/issues/5394",
    steps: [played("admit", admitOneByOne)],
    rules: [...MEMBER_RULES, "CR1", "LB2", "LB4"],
    minMembers: 3,
  },
  "kicked-stays-out": {
    summary: "who was kicked comes back by none of its ways",
    thread: "https://github.com/nextcloud/spreed/issues/1423",
    steps: [played("kick", kickAndKeepOut)],
    rules: [...MEMBER_RULES, "KI1", "KI2", "LE3"],
    minMembers: 3,
  },
  "host-leaves-handover": {
    summary: "the host goes, and the next one can do what it could",
    thread: "https://github.com/nextcloud/spreed/issues/1435",
    steps: [played("handover", handOver)],
    rules: [...MEMBER_RULES, "HO3", "HO4", "LE3"],
    minMembers: 2,
  },
  "room-capacity": {
    summary: "a full room refuses one more, and takes it once one has gone",
    thread: "https://github.com/bigbluebutton/bigbluebutton/issues/17699",
    steps: [played("fill", fillRoom)],
    rules: [...MEMBER_RULES, "ER2", "LE3", "LI1"],
    server: { maxParticipants: 8 },
  },
  "many-rooms-isolation": {
    summary: "rooms whose people have the same ids hear nothing of another",
    thread: "https://github.com/fycth/WebRTCO/issues/11",
    steps: [playedTogether("talk", talkSideBySide)],
    rules: [...MEMBER_RULES, "CH1", "DA1", "RL1", "RL2"],
    defaults: { users: 20, rooms: 10 },
  },
  "join-leave-storm-roster": {
    summary: "200 quick joins and leaves, and every roster is the same",
    thread: "https://github.com/livekit/livekit/issues/4265",
    steps: [CONNECT, JOIN, { name: "storm", run: comeAndGo }, LEAVE, GONE],
    rules: [...USER_RULES, "CH1", "CH3"],
    defaults: { users: 20 },
    minMembers: 2,
  },
};
