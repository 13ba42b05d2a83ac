/** `/streams`: pictures of participants side by side. */
import { render } from "preact";
import { pageClock } from "../browser/page_clock.ts";
import { fetchStreams } from "../browser/streams_api.ts";
import { StreamsPage } from "../pages/streams_page.tsx";
import { parseStreamsAddress } from "../state/streams_address.ts";
import { StreamsWall } from "../state/streams_wall.ts";
import type { Visit } from "./visit.ts";

/** Draws it. */
export function show({ place }: Visit): void {
  const address = parseStreamsAddress(location.search, location.hash);
  const wall = new StreamsWall({ clock: pageClock, address, ask: fetchStreams });
  render(<StreamsPage wall={wall} />, place);
}
