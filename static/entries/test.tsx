/** `/test`: the workbench, connected, and in a room where the link says so. */
import { render } from "preact";
import { pageClock } from "../browser/page_clock.ts";
import { preferences } from "../browser/settings.ts";
import { connectWebSocket } from "../browser/web_socket.ts";
import { TestPage } from "../pages/test_page.tsx";
import { parseRoomId } from "../state/ids.ts";
import { JoinFields } from "../state/join_fields.ts";
import { Workbench } from "../state/workbench.ts";
import type { Visit } from "./visit.ts";

/** Draws it, and begins. */
export function show({ place, random, link }: Visit): void {
  const fields = new JoinFields({ preferences, random, link });
  const workbench = new Workbench({ clock: pageClock, connect: connectWebSocket, random });
  render(<TestPage workbench={workbench} fields={fields} />, place);
  // Connects, so that the state and the round trip show.
  const request = link.join ? fields.toRequest() : undefined;
  if (request === undefined) workbench.connect();
  else workbench.join(request);
  const roomId = parseRoomId(fields.roomId.value.trim());
  if (link.simulate === undefined || roomId === undefined) return;
  const base = fields.userId.value.trim() || "guest";
  workbench.simulated.add(link.simulate, { roomId, base });
}
