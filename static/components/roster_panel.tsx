/** Who is in the room: name, role, what each shows of itself; the own row is marked. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { ParticipantView, UserId } from "../../src/protocol/mod.ts";
import { texts } from "../browser/settings.ts";
import type { Texts } from "../i18n/en.ts";
import type { Roster } from "../state/roster.ts";
import { Button } from "./button.tsx";
import { Icon, type IconName } from "./icon.tsx";
import { Chip, Empty, Panel } from "./panel.tsx";

/** A list that nobody reads to its end is cut here until asked for. */
const FIRST_ROWS = 100;

/** The panel; `onWrite` starts a private chat line. */
export function RosterPanel(
  { roster, onWrite }: { roster: Roster; onWrite: (userId: UserId) => void },
): JSX.Element {
  const t = texts.value;
  const isWhole = useSignal(false);
  const { participants, room } = roster;
  const shown = isWhole.value ? participants : participants.slice(0, FIRST_ROWS);
  return (
    <Panel
      id="roster"
      title={t.roster}
      aside={room && t.participants(participants.length)}
    >
      {participants.length === 0 && <Empty>{t.rosterEmpty}</Empty>}
      <ul
        aria-labelledby="roster-title"
        class="relative -mx-2 max-h-[22rem] overflow-y-auto"
        tabIndex={participants.length > 8 ? 0 : undefined}
      >
        {shown.map((participant) => (
          <Row
            key={participant.userId}
            participant={participant}
            isSelf={participant.userId === roster.selfId}
            onWrite={onWrite}
            t={t}
          />
        ))}
      </ul>
      {shown.length < participants.length && (
        <Button
          class="mt-2"
          size="small"
          onPress={() => isWhole.value = true}
        >
          {t.showAll(participants.length)}
        </Button>
      )}
    </Panel>
  );
}

function Row({ participant, isSelf, onWrite, t }: {
  participant: ParticipantView;
  isSelf: boolean;
  onWrite: (userId: UserId) => void;
  t: Texts;
}): JSX.Element {
  const { userId, name, role, state, connected } = participant;
  return (
    <li
      data-user={userId}
      aria-current={isSelf ? "true" : undefined}
      class={`group flex min-h-[2.5rem] items-center gap-2 rounded-lg px-2 py-1 ${
        isSelf ? "bg-accent-soft" : ""
      }`}
    >
      <div class="min-w-0 flex-1 leading-tight">
        <span class="flex items-center gap-1.5">
          <bdi class={`truncate text-sm font-medium ${name ? "" : "font-mono text-[13px]"}`}>
            {name ?? userId}
          </bdi>
          {isSelf && <Chip tone="accent">{t.you}</Chip>}
          {role !== "participant" && <Chip tone="warn">{t.roles[role]}</Chip>}
          {connected === false && <Chip tone="warn">{t.connectionLost}</Chip>}
        </span>
        {name && <bdi class="block truncate font-mono text-xs text-muted">{userId}</bdi>}
      </div>
      <MediaIcons state={state} t={t} />
      {!isSelf && (
        <Button
          icon="send"
          weight="quiet"
          size="small"
          label={t.writeTo(name ?? userId)}
          onPress={() => onWrite(userId)}
        />
      )}
    </li>
  );
}

function MediaIcons({ state, t }: { state: ParticipantView["state"]; t: Texts }): JSX.Element {
  const icons: { name: IconName; label: string; look: string }[] = [];
  const say = (isOn: boolean, what: string) => isOn ? t.stateOn(what) : t.stateOff(what);
  if (state.hand) icons.push({ name: "hand", label: t.handRaised, look: "text-warn" });
  if (state.screen) icons.push({ name: "screen", label: say(true, t.screen), look: "text-accent" });
  if (state.audio !== undefined) {
    icons.push({
      name: state.audio ? "microphone" : "microphone-off",
      label: say(state.audio, t.microphone),
      look: state.audio ? "text-accent" : "text-muted",
    });
  }
  if (state.video !== undefined) {
    icons.push({
      name: state.video ? "camera" : "camera-off",
      label: say(state.video, t.camera),
      look: state.video ? "text-accent" : "text-muted",
    });
  }
  return (
    <span class="flex shrink-0 items-center gap-1.5">
      {icons.map(({ name, label, look }) => (
        <span key={name} role="img" aria-label={label} title={label} class={look}>
          <Icon name={name} />
        </span>
      ))}
    </span>
  );
}
