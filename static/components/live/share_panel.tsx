/** The six digits, large enough to be read across a room, and the ways to pass the link on. */
import type { JSX } from "preact";
import { canShareLink, shareLink } from "../../browser/share_sheet.ts";
import { texts } from "../../browser/settings.ts";
import { livePath, spacedCode } from "../../state/live/live_address.ts";
import { Button } from "../button.tsx";
import { CopyButton } from "../copy_button.tsx";
import { QrCode } from "./qr_code.tsx";

/** The panel. The link carries the code and nothing else. */
export function SharePanel({ roomId }: { roomId: string }): JSX.Element {
  const t = texts.value.liveRoom;
  const link = location.origin + livePath(roomId);
  return (
    <div class="flex flex-col items-center gap-4 text-center">
      <div>
        <p class="text-xs font-medium text-muted">{t.yourCode}</p>
        <p
          data-code={roomId}
          class="font-mono text-5xl font-semibold tracking-[.06em] text-accent"
        >
          {spacedCode(roomId)}
        </p>
      </div>
      <div class="flex flex-wrap justify-center gap-2">
        <CopyButton text={() => roomId} done={t.codeCopied}>{t.copyCode}</CopyButton>
        <CopyButton icon="link" text={() => link} done={t.linkCopied}>{t.copyLink}</CopyButton>
        {canShareLink() && (
          <Button icon="out" onPress={() => void shareLink(t.shareTitle, link)}>
            {t.shareLink}
          </Button>
        )}
      </div>
      <QrCode text={link} label={t.qrCode} />
      <p class="-mt-2 text-xs text-muted">{t.qrHint}</p>
      <p class="max-w-full select-all break-all font-mono text-xs text-muted">{link}</p>
    </div>
  );
}
