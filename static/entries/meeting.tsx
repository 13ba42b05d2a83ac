/** `/meet/:roomId`: the meeting that the address names; the devices open for a look at once. */
import { render } from "preact";
import { hostKeys } from "../browser/host_keys.ts";
import { createMeeting } from "../browser/meeting.ts";
import { createExtras } from "../browser/meeting_extras.ts";
import { preferences } from "../browser/settings.ts";
import { MeetPage } from "../pages/meet_page.tsx";
import { NotFoundPage } from "../pages/not_found_page.tsx";
import { Entry } from "../state/entry.ts";
import { roomOfPath } from "../state/meeting_address.ts";
import type { Visit } from "./visit.ts";

/** Draws it, or says that the address names no page. */
export function show({ place, path, random, link }: Visit): void {
  const roomId = roomOfPath(path);
  if (roomId === undefined) return render(<NotFoundPage />, place);
  const entry = new Entry({ roomId, preferences, hostKeys, random, link });
  const meeting = createMeeting(random);
  const extras = createExtras(meeting, roomId);
  render(<MeetPage meeting={meeting} entry={entry} extras={extras} />, place);
  void meeting.prepare();
}
