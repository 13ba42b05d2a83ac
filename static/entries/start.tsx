/** `/`: what one can do here. */
import { render } from "preact";
import { preferences } from "../browser/settings.ts";
import { StartPage } from "../pages/start_page.tsx";
import { JoinFields } from "../state/join_fields.ts";
import type { Visit } from "./visit.ts";

/** Draws it. */
export function show({ place, random, link }: Visit): void {
  render(<StartPage fields={new JoinFields({ preferences, random, link })} />, place);
}
