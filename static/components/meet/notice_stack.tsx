/** What the meeting tells in passing, over the stage: read aloud once, gone after a while. */
import { useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { isSoundBlocked, playBlockedSound } from "../../browser/blocked_sound.ts";
import { texts } from "../../browser/settings.ts";
import type { Texts } from "../../i18n/en.ts";
import type { Meeting } from "../../state/meeting.ts";
import type { Notice, ShownNotice } from "../../state/notices.ts";
import { Button } from "../button.tsx";
import { say } from "../live_region.tsx";

/** The notices, newest last. */
export function NoticeStack({ meeting }: { meeting: Meeting }): JSX.Element {
  const t = texts.value;
  const spoken = useRef(0);
  useSignalEffect(() => {
    for (const { id, notice } of meeting.notices.list.value) {
      if (id <= spoken.current) continue;
      spoken.current = id;
      say(noticeText(notice, texts.peek()));
    }
  });
  return (
    <div class="pointer-events-none absolute inset-x-2 top-2 z-10 mx-auto flex max-w-md flex-col gap-2">
      {isSoundBlocked.value && (
        <Row text={t.meet.soundBlocked}>
          <Button size="small" weight="primary" onPress={playBlockedSound}>
            {t.meet.playSound}
          </Button>
        </Row>
      )}
      {meeting.notices.list.value.map((shown) => (
        <Row key={shown.id} text={noticeText(shown.notice, t)}>
          <Action meeting={meeting} shown={shown} t={t} />
          <Button
            icon="close"
            weight="quiet"
            size="small"
            label={t.dismiss}
            onPress={() =>
              meeting.notices.dismiss(shown.id)}
          />
        </Row>
      ))}
    </div>
  );
}

/** The words of a notice. */
export function noticeText(notice: Notice, t: Texts): string {
  const m = t.meet;
  switch (notice.kind) {
    case "device": {
      const { event } = notice;
      if (event.kind === "found") {
        return m.deviceFound(m.deviceKinds[event.device.kind], event.device.label);
      }
      if (event.kind === "share-failed") return m.shareFailed;
      const device = event.label === "" ? m.deviceKinds[event.source] : event.label;
      return event.next === undefined ? m.deviceLost(device) : m.deviceReplaced(device, event.next);
    }
    case "asked-to-mute":
      return notice.isDone ? m.mutedBy(notice.by) : m.askedToStop[notice.what](notice.by);
    case "host":
      return notice.who === undefined ? m.youAreHost : m.newHost(notice.who);
    case "room":
      return m.roomChanges[notice.change];
    case "sign":
      return m.signs[notice.sign](notice.who);
    case "file":
      return m.fileOffered(notice.who, notice.fileName);
    case "lagged":
      return m.lagged(notice.dropped);
    case "refused":
      return t.errors[notice.code] ?? notice.message;
  }
}

/** What can be done about it with one click. */
function Action(
  { meeting, shown, t }: { meeting: Meeting; shown: ShownNotice; t: Texts },
): JSX.Element | null {
  const { id, notice } = shown;
  const button = (text: string, run: () => void) => (
    <Button
      size="small"
      onPress={() => {
        meeting.notices.dismiss(id);
        run();
      }}
    >
      {text}
    </Button>
  );
  if (notice.kind === "device" && notice.event.kind === "found") {
    const { device } = notice.event;
    return button(t.meet.useDevice, () => void meeting.media.choose(device.kind, device.id));
  }
  if (notice.kind !== "asked-to-mute") return null;
  if (notice.what === "audio") {
    return button(t.meet.unmute, () => void meeting.media.setMicrophone(true));
  }
  return button(t.meet.turnOff, () => {
    if (notice.what === "screen") meeting.media.unshare();
    else void meeting.media.setCamera(false);
  });
}

function Row(
  { text, children }: { text: string; children: JSX.Element | (JSX.Element | null)[] },
): JSX.Element {
  return (
    <div
      data-notice
      class="pointer-events-auto flex items-center gap-2 rounded-xl border border-line bg-surface py-1.5 pl-3 pr-1.5 text-sm shadow-lg"
    >
      <p class="min-w-0 flex-1 wrap-anywhere">{text}</p>
      {children}
    </div>
  );
}
