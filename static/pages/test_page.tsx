/** `/test`: the bench on which a room is watched, filled and poked at. */
import { useSignal, useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { UserId } from "../../src/protocol/mod.ts";
import { texts } from "../browser/settings.ts";
import { announcementText } from "../components/announcement_text.ts";
import { ChatPanel } from "../components/chat_panel.tsx";
import { ConnectionStrip } from "../components/connection_strip.tsx";
import { FaultNotice } from "../components/fault_notice.tsx";
import { focusLater } from "../components/focus.ts";
import { phaseText } from "../components/lamp.tsx";
import { LiveRegion, say } from "../components/live_region.tsx";
import { LogPanel } from "../components/log_panel.tsx";
import { PageFrame } from "../components/page_frame.tsx";
import { RawPanel } from "../components/raw_panel.tsx";
import { RosterPanel } from "../components/roster_panel.tsx";
import { SessionPanel } from "../components/session_panel.tsx";
import { TestShortcuts } from "../components/test_shortcuts.tsx";
import { SimulatedPanel } from "../components/simulated_panel.tsx";
import type { JoinFields } from "../state/join_fields.ts";
import type { Workbench } from "../state/workbench.ts";

/** The page. */
export function TestPage(
  { workbench, fields }: { workbench: Workbench; fields: JoinFields },
): JSX.Element {
  const t = texts.value;
  const addressee = useSignal<UserId | undefined>(undefined);
  useTitle();
  useSpokenState(workbench);
  return (
    <PageFrame place="test" actions={<TestShortcuts workbench={workbench} />}>
      <div class="mx-auto max-w-[110rem] px-4 py-4 md:px-6">
        <h1 class="sr-only">{t.testPage}</h1>
        <ConnectionStrip workbench={workbench} />
        <div class="mt-4 grid gap-4 md:grid-cols-[17.5rem_minmax(0,1fr)] xl:grid-cols-[18rem_minmax(0,1fr)_18rem] 2xl:grid-cols-[20rem_minmax(0,1fr)_21rem]">
          <div class="flex min-w-0 flex-col gap-4">
            <SessionPanel workbench={workbench} fields={fields} />
            <RosterPanel
              roster={workbench.roster.value}
              onWrite={(userId) => {
                addressee.value = userId;
                focusLater("chat-text");
              }}
            />
          </div>
          <div class="flex min-w-0 flex-col gap-4">
            <LogPanel workbench={workbench} />
            <RawPanel workbench={workbench} />
          </div>
          <div class="grid min-w-0 content-start gap-4 md:(col-span-2 grid-cols-2) xl:(col-span-1 grid-cols-1)">
            <ChatPanel workbench={workbench} addressee={addressee} />
            <SimulatedPanel simulated={workbench.simulated} fields={fields} />
          </div>
        </div>
      </div>
      <FaultNotice workbench={workbench} />
      <LiveRegion />
    </PageFrame>
  );
}

function useTitle(): void {
  useSignalEffect(() => {
    document.title = `${texts.value.testPage} · Signalbox`;
  });
}

/** Says the state of the connection and the comings and goings aloud, each when it changes. */
function useSpokenState(workbench: Workbench): void {
  const spokenBefore = useRef("");
  useSignalEffect(() => {
    const text = phaseText(workbench.state.value, texts.peek());
    if (text === spokenBefore.current) return;
    spokenBefore.current = text;
    say(text);
  });
  const announcement = workbench.announcement.value;
  useEffect(() => {
    if (announcement !== undefined) say(announcementText(announcement, texts.peek()));
  }, [announcement]);
}
