/** The panel beside the stage, one of several; on a small screen it lies over the stage. */
import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import type { MeetingExtras } from "../../browser/meeting_extras.ts";
import { texts } from "../../browser/settings.ts";
import type { Meeting } from "../../state/meeting.ts";
import { Button } from "../button.tsx";
import { focusLater } from "../focus.ts";
import type { Question } from "./confirm_dialog.tsx";
import { FilesPanel } from "./files_panel.tsx";
import { MeetingChatPanel } from "./meeting_chat_panel.tsx";
import { PeoplePanel } from "./people_panel.tsx";
import { StatisticsPanel } from "./statistics_panel.tsx";

/** What can stand beside the stage. */
export type PanelName = "people" | "chat" | "files" | "statistics";

/** The panel; nothing while none is chosen. */
export function SidePanel({ meeting, extras, panel, question }: {
  meeting: Meeting;
  extras: MeetingExtras;
  panel: Signal<PanelName | undefined>;
  question: Signal<Question | undefined>;
}): JSX.Element | null {
  const t = texts.value;
  const name = panel.value;
  if (name === undefined) return null;
  const titles = {
    people: t.meet.people,
    chat: t.chat,
    files: t.extras.files,
    statistics: t.meet.connectionQuality,
  };
  const close = () => {
    panel.value = undefined;
    focusLater(`toggle-${name}`);
  };
  return (
    <aside
      id="side-panel"
      tabIndex={-1}
      aria-labelledby="side-panel-title"
      onKeyDown={(event) => {
        if (event.key === "Escape") close();
      }}
      class="absolute inset-y-0 right-0 z-20 flex w-full flex-col border border-line bg-surface shadow-xl sm:(w-[22rem] rounded-xl) lg:(static shadow-none)"
    >
      <header class="flex h-12 shrink-0 items-center justify-between px-4">
        <h2 id="side-panel-title" class="text-sm font-semibold">{titles[name]}</h2>
        <Button icon="close" weight="quiet" size="small" label={t.close} onPress={close} />
      </header>
      <div
        class={`flex min-h-0 flex-1 flex-col px-4 pb-4 ${name === "chat" ? "" : "overflow-y-auto"}`}
      >
        {name === "people" && (
          <PeoplePanel
            meeting={meeting}
            question={question}
            onWrite={(userId) => {
              meeting.chat.addressee.value = userId;
              panel.value = "chat";
              focusLater("meeting-chat-text");
            }}
          />
        )}
        {name === "chat" && <MeetingChatPanel meeting={meeting} />}
        {name === "files" && <FilesPanel transfers={extras.transfers} others={extras.others} />}
        {name === "statistics" && <StatisticsPanel meeting={meeting} />}
      </div>
    </aside>
  );
}
