/** `/streams`: what participants show, as pictures side by side; one alone where the address says so. */
import { useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { watchVisibility } from "../browser/page_visibility.ts";
import { texts } from "../browser/settings.ts";
import { ButtonLink } from "../components/button.tsx";
import { LiveRegion, say } from "../components/live_region.tsx";
import { PageFrame } from "../components/page_frame.tsx";
import { StreamsGrid } from "../components/streams/streams_grid.tsx";
import { StreamsToolbar } from "../components/streams/streams_toolbar.tsx";
import { STREAMS_PATH } from "../state/streams_address.ts";
import type { StreamsWall } from "../state/streams_wall.ts";

/** The page. */
export function StreamsPage({ wall }: { wall: StreamsWall }): JSX.Element {
  const { streams: t } = texts.value;
  useEffect(() => {
    const end = watchVisibility((isVisible) => wall.setVisible(isVisible));
    return () => {
      end();
      wall.close();
    };
  }, [wall]);
  useSignalEffect(() => {
    document.title = `Signalbox · ${wall.only ?? texts.value.streams.title}`;
  });
  useSignalEffect(() => {
    const answer = wall.answer.value;
    // The number alone: what comes and goes is there to be read.
    if (answer?.kind === "streams") say(texts.value.streams.countOf(wall.count.value));
  });
  return (
    <PageFrame place="streams">
      <div class="mx-auto max-w-[110rem] px-4 py-6 md:px-6">
        <div class="mb-4 flex flex-wrap items-end gap-4">
          <div class="min-w-0 flex-1">
            <h1 class="text-2xl font-semibold tracking-tight">{wall.only ?? t.title}</h1>
            {!wall.isSingle && <p class="mt-1 max-w-prose text-sm text-muted">{t.lead}</p>}
          </div>
          {wall.isSingle && <ButtonLink href={STREAMS_PATH}>{t.allStreams}</ButtonLink>}
        </div>
        {!wall.isSingle && <StreamsToolbar wall={wall} />}
        <section class="mt-4" aria-label={t.title}>
          <StreamsGrid wall={wall} />
        </section>
      </div>
      <LiveRegion />
    </PageFrame>
  );
}
