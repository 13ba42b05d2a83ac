/** `/live/:code`: the viewer's page. */
import { useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { texts } from "../browser/settings.ts";
import { Viewer } from "../components/live/viewer.tsx";
import { LiveRegion } from "../components/live_region.tsx";
import { spacedCode } from "../state/live/live_address.ts";
import type { Viewing } from "../state/live/viewing.ts";

/** The page. */
export function WatchPage({ viewing }: { viewing: Viewing }): JSX.Element {
  useSignalEffect(() => {
    const t = texts.value.liveRoom;
    document.title = `${t.titleOf(spacedCode(viewing.roomId))} · Signalbox`;
  });
  return (
    <>
      <Viewer viewing={viewing} />
      <LiveRegion />
    </>
  );
}
