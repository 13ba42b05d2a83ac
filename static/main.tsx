/** The page's entry: builds the models, picks the page by the address, draws it. */
import { render } from "preact";
import { connectWebSocket } from "./browser/web_socket.ts";
import { pageClock } from "./browser/page_clock.ts";
import { followSettings, preferences } from "./browser/settings.ts";
import { hostKeys } from "./browser/host_keys.ts";
import { createBroadcast, createViewing, liveMemory } from "./browser/live.ts";
import { createMeeting } from "./browser/meeting.ts";
import { createExtras } from "./browser/meeting_extras.ts";
import { fetchStreams } from "./browser/streams_api.ts";
import { LivePage, WatchPage } from "./pages/live_page.tsx";
import { MeetPage } from "./pages/meet_page.tsx";
import { NotFoundPage } from "./pages/not_found_page.tsx";
import { StartPage } from "./pages/start_page.tsx";
import { StreamsPage } from "./pages/streams_page.tsx";
import { TestPage } from "./pages/test_page.tsx";
import { parseDeepLink } from "./state/deep_link.ts";
import { Entry } from "./state/entry.ts";
import { parseRoomId } from "./state/ids.ts";
import { JoinFields } from "./state/join_fields.ts";
import { type LiveAddress, liveAddressOf } from "./state/live/live_address.ts";
import { roomOfPath } from "./state/meeting_address.ts";
import { parseStreamsAddress, STREAMS_PATH } from "./state/streams_address.ts";
import { StreamsWall } from "./state/streams_wall.ts";
import { Workbench } from "./state/workbench.ts";
import { installTheme } from "./theme.ts";

const random = () => Math.random(); // For names and pauses; nothing here has to be unguessable.
const root = document.getElementById("page");
if (root === null) throw new TypeError('Cannot draw the page: index.html has no "page" element');

installTheme();
followSettings();

const link = parseDeepLink(location.search);
const fields = new JoinFields({ preferences, random, link });
const path = location.pathname.replace(/\/+$/, "");
if (path === "") {
  render(<StartPage fields={fields} />, root);
} else if (path === "/test") {
  const workbench = new Workbench({ clock: pageClock, connect: connectWebSocket, random });
  render(<TestPage workbench={workbench} fields={fields} />, root);
  startSession(workbench);
} else if (path === STREAMS_PATH) {
  const address = parseStreamsAddress(location.search, location.hash);
  const wall = new StreamsWall({ clock: pageClock, address, ask: fetchStreams });
  render(<StreamsPage wall={wall} />, root);
} else {
  const live = liveAddressOf(path);
  if (live === undefined) renderMeeting(root);
  else renderLive(root, live);
}

/** The page of a live room: the way into one, or one that is watched at once. */
function renderLive(place: HTMLElement, address: LiveAddress): void {
  if (address.kind === "door") {
    const isOnAir = liveMemory.read() !== undefined;
    const create = () => createBroadcast(random);
    return render(<LivePage isOnAir={isOnAir} createBroadcast={create} />, place);
  }
  const viewing = createViewing(address.roomId, { random, link });
  render(<WatchPage viewing={viewing} />, place);
  viewing.begin();
}

/** The page of the meeting that the address names; the devices open for a look at once. */
function renderMeeting(place: HTMLElement): void {
  const roomId = roomOfPath(path);
  if (roomId === undefined) return render(<NotFoundPage />, place);
  const entry = new Entry({ roomId, preferences, hostKeys, random, link });
  const meeting = createMeeting(random);
  const extras = createExtras(meeting, roomId);
  render(<MeetPage meeting={meeting} entry={entry} extras={extras} />, place);
  void meeting.prepare();
}

/** Connects, so that the state and the round trip show; joins when the link says so. */
function startSession(workbench: Workbench): void {
  const request = link.join ? fields.toRequest() : undefined;
  if (request === undefined) workbench.connect();
  else workbench.join(request);
  const roomId = parseRoomId(fields.roomId.value.trim());
  if (link.simulate === undefined || roomId === undefined) return;
  const base = fields.userId.value.trim() || "guest";
  workbench.simulated.add(link.simulate, { roomId, base });
}
