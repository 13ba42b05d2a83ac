/** Who watches and how well, and what the broadcaster may do about each of them. */
import { type Signal, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { texts } from "../../browser/settings.ts";
import type { Texts } from "../../i18n/en.ts";
import type { AudienceMember } from "../../state/live/audience.ts";
import type { Broadcast } from "../../state/live/broadcast.ts";
import { Button } from "../button.tsx";
import { CheckField } from "../field.tsx";
import { Avatar } from "../meet/avatar.tsx";
import type { Question } from "../meet/confirm_dialog.tsx";
import { KickButton } from "../meet/kick_button.tsx";
import { QualitySign } from "../meet/quality_sign.tsx";
import { Chip, Empty } from "../panel.tsx";

/** The panel. */
export function AudiencePanel({ broadcast, question }: {
  broadcast: Broadcast;
  question: Signal<Question | undefined>;
}): JSX.Element {
  const t = texts.value;
  const audience = broadcast.audience.value;
  const { meeting } = broadcast;
  return (
    <div class="flex flex-col gap-3">
      {audience.length === 0 && <Empty>{t.liveRoom.noViewers}</Empty>}
      <ul aria-label={t.liveRoom.viewersTab} class="-mx-1 flex flex-col">
        {audience.map((member) => (
          <Row key={member.userId} member={member} broadcast={broadcast} question={question} />
        ))}
      </ul>
      {broadcast.httpCount.value > 0 && (
        <p class="text-xs text-muted" data-http-count={broadcast.httpCount.value}>
          {t.meet.watchedOverHttp(broadcast.httpCount.value)}
        </p>
      )}
      <div class="border-t border-line pt-2">
        <CheckField
          id="lock-live"
          label={t.liveRoom.lock}
          isOn={meeting.roster.value.room?.locked === true}
          onChange={(isOn) => void meeting.moderation.lock(isOn)}
        />
      </div>
    </div>
  );
}

function Row({ member, broadcast, question }: {
  member: AudienceMember;
  broadcast: Broadcast;
  question: Signal<Question | undefined>;
}): JSX.Element {
  const t = texts.value;
  const isOpen = useSignal(false);
  const { userId, name } = member;
  return (
    <li
      data-viewer={userId}
      data-path={member.path ?? ""}
      class="flex min-h-[2.75rem] flex-wrap items-center gap-x-2 gap-y-1 rounded-lg px-1 py-1.5"
    >
      <Avatar userId={userId} name={name} size="small" />
      <span class="min-w-0 flex-1">
        <span class="flex min-w-0 items-center gap-1.5">
          <bdi class="truncate text-sm font-medium">{name}</bdi>
          {member.isMuted && <Chip tone="warn">{t.liveRoom.muted}</Chip>}
          {!member.isConnected && <Chip tone="warn">{t.connectionLost}</Chip>}
        </span>
        <span class="block text-xs text-muted text-pretty">{memberText(member, t)}</span>
      </span>
      <QualitySign quality={member.quality} />
      <Button
        icon="more"
        weight="quiet"
        size="small"
        label={t.liveRoom.actionsFor(name)}
        isExpanded={isOpen.value}
        onPress={() => isOpen.value = !isOpen.value}
      />
      {isOpen.value && (
        <span class="flex w-full flex-wrap gap-1 pl-10">
          <Button
            size="small"
            label={member.isMuted ? t.liveRoom.unmuteNamed(name) : t.liveRoom.muteNamed(name)}
            onPress={() => broadcast.setMuted(userId, !member.isMuted)}
          >
            {member.isMuted ? t.liveRoom.unmute : t.liveRoom.mute}
          </Button>
          <KickButton
            userId={userId}
            words={{
              label: t.liveRoom.removeNamed(name),
              title: t.liveRoom.removeTitle(name),
              text: t.liveRoom.removeText,
              answer: t.liveRoom.remove,
            }}
            meeting={broadcast.meeting}
            question={question}
          />
        </span>
      )}
    </li>
  );
}

/** By which way somebody sees what, such as `Directly · 720p · 30/s · 1500 kbit/s`. */
export function memberText({ path, watched }: AudienceMember, t: Texts): string {
  const words = t.liveRoom;
  const way = path === undefined ? words.pathUnknown : words.rungs[path];
  if (watched === undefined) return way;
  if (watched.framesPerSecond === 0) return `${way} · ${words.seesNothing}`;
  const parts = [
    way,
    ...(watched.height > 0 ? [words.heightName(watched.height)] : []),
    words.perSecond(watched.framesPerSecond),
    t.meet.kbps(watched.kbps),
  ];
  return parts.join(" · ");
}
