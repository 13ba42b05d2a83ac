/** What the own participant shows of itself; the others' rosters follow (rule ST1). */
import type { JSX } from "preact";
import { texts } from "../browser/settings.ts";
import type { Workbench } from "../state/workbench.ts";
import { Button } from "./button.tsx";

/** Four switches, of use only in a room. */
export function StateButtons({ workbench }: { workbench: Workbench }): JSX.Element {
  const t = texts.value;
  const own = workbench.ownState.value;
  const isJoined = workbench.state.value.phase === "joined";
  const switches = [
    { what: "audio", icon: own.audio ? "microphone" : "microphone-off", label: t.microphone },
    { what: "video", icon: own.video ? "camera" : "camera-off", label: t.camera },
    { what: "screen", icon: "screen", label: t.screen },
    { what: "hand", icon: "hand", label: t.hand },
  ] as const;
  return (
    <div role="group" aria-label={t.shownState} class="mt-3 grid grid-cols-4 gap-2">
      {switches.map(({ what, icon, label }) => (
        <Button
          key={what}
          id={`state-${what}`}
          icon={icon}
          class="!h-12 !flex-col !gap-0.5 !px-0 !text-[11px] !font-normal"
          isPressed={own[what] ?? false}
          isDisabled={!isJoined}
          onPress={() => workbench.toggle(what)}
        >
          {label}
        </Button>
      ))}
    </div>
  );
}
