/** `/live/:code`: a live room that is watched at once. */
import { render } from "preact";
import { createViewing } from "../browser/viewing.ts";
import { NotFoundPage } from "../pages/not_found_page.tsx";
import { WatchPage } from "../pages/watch_page.tsx";
import { liveAddressOf } from "../state/live/live_address.ts";
import type { Visit } from "./visit.ts";

/** Draws it, or says that the address names no page. */
export function show({ place, path, random, link }: Visit): void {
  const address = liveAddressOf(path);
  if (address?.kind !== "room") return render(<NotFoundPage />, place);
  const viewing = createViewing(address.roomId, { random, link });
  render(<WatchPage viewing={viewing} />, place);
  viewing.begin();
}
