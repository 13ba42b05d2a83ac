/**
 * Everybody in a meeting as the page shows them: what the server says of each, what the call carries,
 * and how well it does that, in one list. Pure.
 */
import type { MediaState, UserId } from "../../src/protocol/mod.ts";
import type { LinkReport } from "../call/link_report.ts";
import type { Speakers } from "../call/speaker.ts";
import type { LinkState, LocalTracks, RemoteMedia } from "../call/transport.ts";
import { judgeQuality, type Quality } from "./quality.ts";
import type { Roster } from "./roster.ts";

/** One participant. */
export interface Person {
  readonly userId: UserId;
  /** What to call them. */
  readonly name: string;
  readonly isSelf: boolean;
  readonly isHost: boolean;
  readonly state: MediaState;
  /** Whether the server has a connection to them. */
  readonly isConnected: boolean;
  readonly isSpeaking: boolean;
  /** Of the own participant: connected. */
  readonly link: LinkState;
  readonly quality: Quality;
  /** What there is to be seen and heard; what the person switched off is left out. */
  readonly tracks: LocalTracks;
}

/** What the list is made of. */
export interface PeopleSources {
  readonly roster: Roster;
  readonly remotes: ReadonlyMap<UserId, RemoteMedia>;
  readonly reports: ReadonlyMap<UserId, LinkReport>;
  readonly speakers: Speakers;
  readonly ownTracks: LocalTracks;
  readonly ownState: MediaState;
}

/** The list, in join order. */
export function listPeople(sources: PeopleSources): readonly Person[] {
  const { roster, remotes, reports, speakers } = sources;
  return roster.participants.map((participant): Person => {
    const { userId } = participant;
    const isSelf = userId === roster.selfId;
    const remote = remotes.get(userId);
    const state = isSelf ? sources.ownState : participant.state;
    const link = isSelf ? "connected" : remote?.state ?? "waiting";
    return {
      userId,
      name: participant.name ?? userId,
      isSelf,
      isHost: participant.host === true,
      state,
      isConnected: participant.connected !== false,
      isSpeaking: speakers.speaking.has(userId) && state.audio === true,
      link,
      quality: isSelf ? "unknown" : judgeQuality(link, reports.get(userId)),
      tracks: shownTracks(state, isSelf ? sources.ownTracks : remote?.tracks ?? {}),
    };
  });
}

/** A slot always carries a track once it was agreed on; the state says whether there is life in it. */
function shownTracks(state: MediaState, tracks: LocalTracks): LocalTracks {
  const { microphone, camera, screen, screenSound } = tracks;
  return {
    ...(microphone !== undefined && state.audio ? { microphone } : {}),
    ...(camera !== undefined && state.video ? { camera } : {}),
    ...(screen !== undefined && state.screen ? { screen } : {}),
    ...(screenSound !== undefined && state.screen ? { screenSound } : {}),
  };
}
