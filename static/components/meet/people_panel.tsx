/** Who is in the meeting and who waits at the door, with what a host may do about either. */
import { type Signal, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { UserId } from "../../../src/protocol/mod.ts";
import { texts } from "../../browser/settings.ts";
import type { Texts } from "../../i18n/en.ts";
import type { Meeting } from "../../state/meeting.ts";
import type { Person } from "../../state/people.ts";
import { Button } from "../button.tsx";
import { CheckField } from "../field.tsx";
import { Icon, type IconName } from "../icon.tsx";
import { Chip } from "../panel.tsx";
import { Avatar } from "./avatar.tsx";
import type { Question } from "./confirm_dialog.tsx";
import { InviteButtons } from "./invite_button.tsx";
import { KickButton } from "./kick_button.tsx";

/** The panel; `onWrite` begins a private line. */
export function PeoplePanel({ meeting, question, onWrite }: {
  meeting: Meeting;
  question: Signal<Question | undefined>;
  onWrite: (userId: UserId) => void;
}): JSX.Element {
  const t = texts.value;
  const isHost = meeting.moderation.isHost.value;
  const { room } = meeting.roster.value;
  return (
    <div class="flex flex-col gap-4">
      {isHost && <Knocks meeting={meeting} t={t} />}
      <ul aria-label={t.meet.people} class="-mx-1 flex flex-col">
        {meeting.people.value.map((person) => (
          <Row
            key={person.userId}
            person={person}
            meeting={meeting}
            question={question}
            onWrite={onWrite}
            t={t}
          />
        ))}
      </ul>
      {isHost && (
        <fieldset class="grid border-t border-line pt-3">
          <legend class="sr-only">{t.meet.hostTools}</legend>
          <CheckField
            id="lock-room"
            label={t.meet.lock}
            isOn={room?.locked === true}
            onChange={(isOn) => void meeting.moderation.lock(isOn)}
          />
          <CheckField
            id="room-lobby"
            label={t.meet.lobby}
            isOn={room?.lobby === true}
            onChange={(isOn) => void meeting.moderation.setLobby(isOn)}
          />
        </fieldset>
      )}
      {room && <InviteButtons roomId={room.roomId} />}
    </div>
  );
}

function Knocks({ meeting, t }: { meeting: Meeting; t: Texts }): JSX.Element | null {
  const knocks = meeting.moderation.knocks.value;
  if (knocks.length === 0) return null;
  return (
    <section aria-labelledby="knocks-title" class="rounded-xl border border-line bg-sunken p-3">
      <h3 id="knocks-title" class="mb-2 text-sm font-semibold">{t.meet.knocks(knocks.length)}</h3>
      <ul class="flex flex-col gap-2">
        {knocks.map(({ userId, name }) => (
          <li key={userId} data-knock={userId} class="flex flex-wrap items-center gap-2">
            <bdi class="min-w-0 flex-1 truncate text-sm">{name}</bdi>
            <Button
              size="small"
              label={t.meet.denyNamed(name)}
              onPress={() =>
                void meeting.moderation.deny(userId)}
            >
              {t.meet.deny}
            </Button>
            <Button
              size="small"
              weight="primary"
              label={t.meet.admitNamed(name)}
              onPress={() =>
                void meeting.moderation.admit(userId)}
            >
              {t.meet.admit}
            </Button>
          </li>
        ))}
      </ul>
      {knocks.length > 1 && (
        <Button
          class="mt-2"
          size="small"
          onPress={() => meeting.moderation.admitAll()}
        >
          {t.meet.admitAll}
        </Button>
      )}
    </section>
  );
}

interface RowProps {
  readonly person: Person;
  readonly meeting: Meeting;
  readonly question: Signal<Question | undefined>;
  readonly onWrite: (userId: UserId) => void;
  readonly t: Texts;
}

function Row({ person, meeting, question, onWrite, t }: RowProps): JSX.Element {
  const { userId, name, isSelf, state } = person;
  const isOpen = useSignal(false);
  const signs: readonly { name: IconName; label: string }[] = [
    ...(state.hand ? [{ name: "hand", label: t.meet.handUp } as const] : []),
    ...(state.screen ? [{ name: "screen", label: t.meet.sharesScreen } as const] : []),
    ...(state.recording ? [{ name: "record", label: t.meet.records } as const] : []),
    state.audio
      ? { name: "microphone", label: t.meet.microphoneOn }
      : { name: "microphone-off", label: t.meet.microphoneOff },
    state.video
      ? { name: "camera", label: t.meet.cameraOn }
      : { name: "camera-off", label: t.meet.cameraOff },
  ];
  return (
    <li
      data-person={userId}
      class="flex min-h-[2.75rem] flex-wrap items-center gap-x-2 gap-y-1 rounded-lg px-1 py-1"
    >
      <Avatar userId={userId} name={name} size="small" />
      <span class="flex min-w-0 flex-1 items-center gap-1.5">
        <bdi class="truncate text-sm font-medium">{name}</bdi>
        {isSelf && <Chip tone="accent">{t.you}</Chip>}
        {person.isHost && <Chip>{t.meet.host}</Chip>}
        {!person.isConnected && <Chip tone="warn">{t.connectionLost}</Chip>}
      </span>
      <span class="flex items-center gap-1.5 text-muted">
        {signs.map(({ name: icon, label }) => (
          <span key={icon} role="img" aria-label={label} title={label}>
            <Icon name={icon} />
          </span>
        ))}
      </span>
      {!isSelf && (
        <Button
          icon="more"
          weight="quiet"
          size="small"
          label={t.meet.actionsFor(name)}
          isExpanded={isOpen.value}
          onPress={() => isOpen.value = !isOpen.value}
        />
      )}
      {!isSelf && isOpen.value && (
        <Actions person={person} meeting={meeting} question={question} onWrite={onWrite} t={t} />
      )}
    </li>
  );
}

/** What can be done about somebody; in words, so that no sign of a state is taken for a button. */
function Actions({ person, meeting, question, onWrite, t }: RowProps): JSX.Element {
  const { userId, name, state } = person;
  const { moderation } = meeting;
  const isHost = moderation.isHost.value;
  return (
    <span class="flex w-full flex-wrap gap-1 pb-1 pl-10">
      <Button size="small" icon="send" label={t.writeTo(name)} onPress={() => onWrite(userId)}>
        {t.meet.write}
      </Button>
      {isHost && state.audio && (
        <Button
          size="small"
          icon="microphone-off"
          label={t.meet.muteNamed(name)}
          onPress={() => void moderation.askToMute(userId, "audio")}
        >
          {t.meet.mute}
        </Button>
      )}
      {isHost && state.video && (
        <Button
          size="small"
          icon="camera-off"
          label={t.meet.cameraOffNamed(name)}
          onPress={() => void moderation.askToMute(userId, "video")}
        >
          {t.meet.askCameraOff}
        </Button>
      )}
      {isHost && state.screen && (
        <Button
          size="small"
          icon="screen"
          label={t.meet.shareOffNamed(name)}
          onPress={() => void moderation.askToMute(userId, "screen")}
        >
          {t.meet.askShareOff}
        </Button>
      )}
      {isHost && (
        <KickButton
          userId={userId}
          words={{
            label: t.meet.kickNamed(name),
            title: t.meet.kickTitle(name),
            text: t.meet.kickText,
            answer: t.meet.kick,
          }}
          meeting={meeting}
          question={question}
        />
      )}
    </span>
  );
}
