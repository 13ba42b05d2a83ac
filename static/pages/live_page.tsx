/** `/live`: the door, and the broadcaster's page. */
import { useSignal, useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { texts } from "../browser/settings.ts";
import { Broadcaster } from "../components/live/broadcaster.tsx";
import { LiveDoor } from "../components/live/live_door.tsx";
import { LiveRegion } from "../components/live_region.tsx";
import { PageFrame } from "../components/page_frame.tsx";
import type { Broadcast } from "../state/live/broadcast.ts";
import { spacedCode } from "../state/live/live_address.ts";

/** `/live`; `isOnAir`: this tab has begun a broadcast that it has not ended. */
export function LivePage({ isOnAir, createBroadcast }: {
  isOnAir: boolean;
  createBroadcast: () => Broadcast;
}): JSX.Element {
  const broadcast = useSignal<Broadcast | undefined>(undefined);
  const begin = () => {
    if (broadcast.peek() !== undefined) return;
    broadcast.value = createBroadcast();
    void broadcast.value.begin();
  };
  useEffect(() => {
    if (isOnAir) begin();
  }, []);
  useSignalEffect(() => {
    const t = texts.value.liveRoom;
    const now = broadcast.value;
    const isLive = now?.meeting.phase.value.name === "call";
    const code = spacedCode(now?.roomId.value ?? "");
    document.title = `${isLive ? t.onAirTitle(code) : t.doorTitle} · Signalbox`;
  });
  return (
    <>
      {broadcast.value === undefined
        ? (
          <PageFrame place="live">
            <LiveDoor onBroadcast={begin} />
          </PageFrame>
        )
        : <Broadcaster broadcast={broadcast.value} />}
      <LiveRegion />
    </>
  );
}
