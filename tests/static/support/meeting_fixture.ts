/** A meeting with a fake clock, fake sockets, fake devices and a call that carries nothing. */
import { parseRoomId, parseUserId } from "../../../static/state/ids.ts";
import { HostKeys } from "../../../static/state/host_keys.ts";
import { Meeting } from "../../../static/state/meeting.ts";
import type { MeetingOptions } from "../../../static/state/meeting_options.ts";
import { Preferences } from "../../../static/state/preferences.ts";
import type { JoinRequest } from "../../../static/state/session_state.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { PageSockets } from "../../support/page_sockets.ts";
import { FakeCall } from "./fake_call.ts";
import { FakeMedia, memory, settle } from "./fake_media.ts";

/** What the tests join with. */
export const request: JoinRequest = { roomId: parseRoomId("482913")!, userId: parseUserId("ann")! };

/** A meeting and all that surrounds it. */
export interface MeetingFixture {
  readonly meeting: Meeting;
  readonly sockets: PageSockets;
  readonly clock: FakeClock;
  readonly media: FakeMedia;
  /** Every call that was made, oldest first. */
  readonly calls: FakeCall[];
  readonly hostKeys: HostKeys;
}

/** A meeting before which somebody looks at the own picture. */
export async function preparedMeeting(
  more: Partial<MeetingOptions> = {},
): Promise<MeetingFixture> {
  const clock = new FakeClock();
  const sockets = new PageSockets();
  const media = new FakeMedia();
  const calls: FakeCall[] = [];
  const store = memory();
  const hostKeys = new HostKeys(() => store);
  const meeting = new Meeting({
    clock,
    connect: sockets.connect,
    random: () => 0.5,
    media,
    createCall: (options) => {
      const call = new FakeCall(options);
      calls.push(call);
      return call;
    },
    preferences: new Preferences(() => memory()),
    hostKeys,
    ...more,
  });
  await meeting.prepare();
  return { meeting, sockets, clock, media, calls, hostKeys };
}

/** A meeting in which `ann` sits; `others` came before. */
export async function enteredMeeting(...others: string[]): Promise<MeetingFixture> {
  const fixture = await preparedMeeting();
  fixture.meeting.enter(request);
  fixture.sockets.last.welcome().joined("482913", ...others, "ann");
  await settle();
  return fixture;
}
