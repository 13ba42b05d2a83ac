/** Passes the link to the meeting on: by the system's share sheet where there is one, or as a copy. */
import type { JSX } from "preact";
import { canShareLink, shareLink } from "../../browser/share_sheet.ts";
import { texts } from "../../browser/settings.ts";
import { meetingPath } from "../../state/meeting_address.ts";
import { Button } from "../button.tsx";
import { CopyButton } from "../copy_button.tsx";

/** The buttons. The link carries the room and nothing else. */
export function InviteButtons({ roomId }: { roomId: string }): JSX.Element {
  const t = texts.value.meet;
  const link = () => location.origin + meetingPath(roomId);
  return (
    <span class="inline-flex flex-wrap gap-2">
      <CopyButton icon="link" text={link} done={t.linkCopied}>{t.copyLink}</CopyButton>
      {canShareLink() && (
        <Button
          icon="out"
          onPress={() => void shareLink(t.inviteTitle(roomId), link())}
        >
          {t.shareLink}
        </Button>
      )}
    </span>
  );
}
