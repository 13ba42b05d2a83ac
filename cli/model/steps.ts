/**
 * The steps of a schedule: who does what. Plain data, so that a schedule can be shrunk, saved and
 * replayed. Users and rooms are numbers; what is sent depends on the state when its turn comes.
 */
import type { Garbage } from "./connections.ts";
import { shownFrame } from "./frames.ts";
import { userIdOf } from "./state.ts";

/*
 * `asks`: the request carries a requestId. `anyway`: it is sent even where it can only be refused,
 * because its sender is in no room, not host, or its target is elsewhere.
 */

/** Requests to the media plane; `channel-candidate` is an ice-candidate for the server. */
export const MEDIA_ACTS = [
  "publish",
  "subscription-answer",
  "subscribe",
  "restart-subscription",
  "media-stats",
  "request-forwarding",
  "channel-candidate",
] as const;
/** One of {@linkcode MEDIA_ACTS}. */
export type MediaAct = typeof MEDIA_ACTS[number];

/** A step in which one user sends one request on the connection that it has, or opens. */
export type RequestStep =
  | {
    readonly do: "join";
    readonly user: number;
    readonly room: number;
    /** Whose user id it takes. */
    readonly as: number;
    readonly role: "participant" | "broadcaster" | "viewer";
    readonly resumable: boolean;
    readonly passcode: "none" | "right" | "wrong";
    readonly hostKey: "none" | "right" | "wrong";
    readonly relay: boolean;
    readonly asks: boolean;
    readonly anyway: boolean;
  }
  | {
    readonly do: "create-room";
    readonly user: number;
    readonly kind: "meeting" | "live";
    readonly lobby: boolean;
    readonly passcode: boolean;
    readonly asks: boolean;
    readonly anyway: boolean;
  }
  | {
    readonly do: "leave";
    readonly user: number;
    /** It names a user id that is not its own. */
    readonly wrong: boolean;
    readonly asks: boolean;
    readonly anyway: boolean;
  }
  | {
    readonly do: "offer" | "answer" | "ice-candidate";
    readonly user: number;
    readonly to: number;
    readonly forged: boolean;
    readonly asks: boolean;
    readonly anyway: boolean;
  }
  | {
    readonly do: "chat" | "data";
    readonly user: number;
    readonly text: number;
    /** To one user; undefined: to the room. */
    readonly to?: number | undefined;
    readonly forged: boolean;
    readonly asks: boolean;
    readonly anyway: boolean;
  }
  | {
    readonly do: "state";
    readonly user: number;
    readonly kind: "audio" | "video" | "screen" | "hand";
    readonly on: boolean;
    readonly asks: boolean;
    readonly anyway: boolean;
  }
  | {
    readonly do: "stats";
    readonly user: number;
    readonly bitrateKbps: number;
    readonly asks: boolean;
    readonly anyway: boolean;
  }
  | {
    /** What asks the media plane, in rooms that have none: nobody says that it could use one. */
    readonly do: MediaAct;
    readonly user: number;
    readonly asks: boolean;
    readonly anyway: boolean;
  }
  | {
    readonly do: "request-relay";
    readonly user: number;
    /** Whose frames; undefined: the broadcaster's. */
    readonly to?: number | undefined;
    readonly active: boolean;
    /** It names a room that is not its own. */
    readonly elsewhere: boolean;
    readonly asks: boolean;
    readonly anyway: boolean;
  }
  | {
    readonly do: "kick" | "mute" | "admit" | "deny";
    readonly user: number;
    readonly target: number;
    readonly asks: boolean;
    readonly anyway: boolean;
  }
  | {
    readonly do: "lock" | "lobby";
    readonly user: number;
    readonly on: boolean;
    readonly asks: boolean;
    readonly anyway: boolean;
  }
  | {
    readonly do: "end-room";
    readonly user: number;
    readonly asks: boolean;
    readonly anyway: boolean;
  };

/** Any step. */
export type Step =
  | RequestStep
  | {
    readonly do: "garbage" | "strikes";
    readonly user: number;
    readonly which: number;
  }
  | {
    readonly do: "close";
    readonly user: number;
    /** With code 1000, without a word, or with 4000: the connection is given up, not the seat. */
    readonly how: "done" | "drop" | "give up";
  }
  | {
    readonly do: "resume";
    readonly user: number;
    /** Where from: what it heard last, some before, the beginning, or beyond the end. */
    readonly from: "latest" | "behind" | "start" | "beyond";
    readonly anyway: boolean;
  }
  | {
    /** Sends a frame; what kind of one is `which`. */
    readonly do: "show";
    readonly user: number;
    readonly which: number;
    readonly anyway: boolean;
  }
  | { readonly do: "stall" | "read-on"; readonly user: number }
  /** Reports, and everybody in the room waits for the summary (rule SS2). */
  | { readonly do: "summary"; readonly user: number; readonly bitrateKbps: number }
  | { readonly do: "grace" }
  /** Sent without waiting for each other. */
  | { readonly do: "together"; readonly steps: readonly RequestStep[] };

const deep = `{"type":"data","payload":${"[".repeat(33)}${"]".repeat(33)}}`;

/** Frames that are no messages. */
export const GARBAGE: readonly Garbage[] = [
  { frame: '{"type":', code: "bad-message", rule: "ME1" },
  { frame: "[]", code: "bad-message", rule: "ME1" },
  { frame: '"join"', code: "bad-message", rule: "ME1" },
  { frame: '{"type":"dance"}', code: "unknown-type", rule: "ME2" },
  { frame: '{"type":"join","roomId":"no spaces"}', code: "invalid-room-id", rule: "ID2" },
  { frame: '{"type":"kick","userId":"a b"}', code: "invalid-user-id", rule: "ID2" },
  { frame: '{"type":"chat","text":""}', code: "bad-message", rule: "CH2" },
  { frame: deep, code: "bad-message", rule: "ME6" },
  { frame: '{"type":"data","payload":{"__proto__":1}}', code: "bad-message", rule: "ME6" },
];

/** What chat says. */
export const TEXTS = [
  "Hello",
  "Grüße",
  "早上好",
  "👩‍🚀 \u202Eabc",
  '<b>"x"</b>',
  "a".repeat(500),
] as const;

/** A step as one readable line; rooms beyond `named` are those with codes. */
export function lineOf(step: Step, named: number): string {
  if (step.do === "together") {
    return `together: ${step.steps.map((one) => lineOf(one, named)).join("; ")}`;
  }
  if (step.do === "grace") return "the grace time passes";
  return `${userIdOf(step.user)} ${actOf(step, named)}`;
}

function actOf(step: Exclude<Step, { do: "together" | "grace" }>, named: number): string {
  switch (step.do) {
    case "join": {
      const { user, room, as, role, resumable, passcode, hostKey, relay } = step;
      const place = room < named ? `room ${room + 1}` : `the room with code ${room - named + 1}`;
      return `joins ${place}` + (as === user ? "" : ` as ${userIdOf(as)}`) +
        (role === "participant" ? "" : `, ${role}`) + (resumable ? ", resumable" : "") +
        (relay ? ", with frames" : "") +
        (passcode === "none" ? "" : `, ${passcode} passcode`) +
        (hostKey === "none" ? "" : `, ${hostKey} host key`);
    }
    case "create-room":
      return `asks for a code, ${step.kind}${step.lobby ? ", lobby" : ""}` +
        (step.passcode ? ", passcode" : "");
    case "leave":
      return step.wrong ? "leaves as somebody else" : "leaves";
    case "chat":
    case "data":
      return `sends ${step.do} to ${step.to === undefined ? "all" : userIdOf(step.to)}` +
        (step.forged ? ", forged" : "");
    case "offer":
    case "answer":
    case "ice-candidate":
      return `sends ${step.do} to ${userIdOf(step.to)}${step.forged ? ", forged" : ""}`;
    case "state":
      return `switches ${step.kind} ${step.on ? "on" : "off"}`;
    case "stats":
      return `reports ${step.bitrateKbps} kbit/s`;
    case "publish":
    case "subscription-answer":
    case "subscribe":
    case "restart-subscription":
    case "media-stats":
    case "request-forwarding":
    case "channel-candidate":
      return `sends ${step.do} to the server`;
    case "request-relay": {
      const whose = step.to === undefined ? "the broadcaster" : userIdOf(step.to);
      return `${step.active ? "asks for" : "wants no"} frames of ${whose}` +
        (step.elsewhere ? ", of another room" : "");
    }
    case "kick":
      return `kicks ${userIdOf(step.target)}`;
    case "mute":
      return `mutes ${userIdOf(step.target)}`;
    case "admit":
      return `admits ${userIdOf(step.target)}`;
    case "deny":
      return `denies ${userIdOf(step.target)}`;
    case "lock":
      return step.on ? "locks the room" : "unlocks the room";
    case "lobby":
      return `switches the lobby ${step.on ? "on" : "off"}`;
    case "end-room":
      return "ends the room";
    case "garbage":
      return `sends ${garbageOf(step).frame.slice(0, 40)}`;
    case "strikes":
      return `sends ten times ${garbageOf(step).frame.slice(0, 40)}`;
    case "close":
      return step.how === "done"
        ? "closes"
        : step.how === "drop"
        ? "is dropped"
        : "closes with 4000";
    case "resume":
      return `resumes from ${RESUME_WORDS[step.from]}`;
    case "summary":
      return `reports ${step.bitrateKbps} kbit/s, and the summary is awaited`;
    case "show":
      return `sends a frame (${Object.values(shownFrame(step)).join(" ")})`;
    case "stall":
      return "stops reading";
    case "read-on":
      return "reads on";
  }
}

const RESUME_WORDS = {
  latest: "the last message",
  behind: "an earlier message",
  start: "the beginning",
  beyond: "beyond the end",
} as const;

/** The garbled frame of a step. */
export function garbageOf({ which }: { readonly which: number }): Garbage {
  return GARBAGE[which % GARBAGE.length]!;
}
