/** The signaling log: every message of every connection of this tab, both ways. */
import type { JSX } from "preact";
import { downloadText } from "../browser/download.ts";
import { pageClock } from "../browser/page_clock.ts";
import { texts } from "../browser/settings.ts";
import { exportFileName, toJsonLines } from "../state/log_export.ts";
import type { Workbench } from "../state/workbench.ts";
import { Button } from "./button.tsx";
import { CopyButton } from "./copy_button.tsx";
import { LogList } from "./log_list.tsx";
import { LogToolbar } from "./log_toolbar.tsx";
import { Panel } from "./panel.tsx";

/** The panel. */
export function LogPanel({ workbench }: { workbench: Workbench }): JSX.Element {
  const t = texts.value;
  const { log } = workbench;
  const { entries, total, dropped, waiting } = log.snapshot.value;
  const isPaused = log.isPaused.value;
  const count = entries.length + waiting;
  return (
    <Panel
      id="log"
      title={t.log}
      class="h-[34rem] md:h-[38rem] xl:h-[34rem]"
      aside={
        <span id="log-status">
          {isPaused ? t.waiting(waiting) : t.shownOf(entries.length, total)}
          {dropped > 0 && <>{" · "}{t.dropped(dropped)}</>}
        </span>
      }
      actions={
        <>
          <Button
            id="log-pause"
            size="small"
            weight="quiet"
            icon={isPaused ? "play" : "pause"}
            onPress={() => log.togglePause()}
          >
            {isPaused ? t.resume : t.pause}
          </Button>
          <CopyButton
            size="small"
            weight="quiet"
            label={t.copyShown(entries.length)}
            isDisabled={entries.length === 0}
            text={() => toJsonLines(entries)}
          />
          <Button
            id="log-download"
            size="small"
            weight="quiet"
            icon="download"
            label={t.downloadShown(count)}
            isDisabled={count === 0}
            onPress={() => {
              const roomId = workbench.roster.value.room?.roomId;
              downloadText(exportFileName(roomId, pageClock.now()), toJsonLines(log.collected()));
            }}
          />
          <Button
            size="small"
            weight="quiet"
            icon="clear"
            label={t.clear}
            onPress={() => log.clear()}
          />
        </>
      }
    >
      <LogToolbar log={log} />
      <LogList entries={entries} total={total} />
    </Panel>
  );
}
