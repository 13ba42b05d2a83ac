/** What stands between the person and a device, in plain words, and what to do about it. */
import type { JSX } from "preact";
import { texts } from "../../browser/settings.ts";
import type { SourceKind } from "../../state/media_port.ts";
import type { OwnMedia } from "../../state/own_media.ts";
import { Button } from "../button.tsx";

/** One notice for each of the two that failed; nothing where none did. */
export function MediaFaults({ media }: { media: OwnMedia }): JSX.Element {
  return (
    <div role="alert" class="grid gap-2">
      {(["camera", "microphone"] as const).map((kind) => (
        <MediaFault key={kind} media={media} kind={kind} />
      ))}
    </div>
  );
}

function MediaFault({ media, kind }: { media: OwnMedia; kind: SourceKind }): JSX.Element | null {
  const t = texts.value.meet;
  const status = media[kind].status.value;
  if (status.state !== "failed") return null;
  const retry = () => kind === "camera" ? media.setCamera(true) : media.setMicrophone(true);
  return (
    <div
      data-fault={`${kind}:${status.fault}`}
      class="rounded-lg border border-line bg-warn-soft p-3 text-sm"
    >
      <p class="font-medium text-warn">{t.faults[status.fault](t.deviceInText[kind])}</p>
      <p class="mt-0.5 text-ink text-pretty">{t.faultHelp[status.fault]}</p>
      {status.fault !== "insecure" && status.fault !== "unsupported" && (
        <Button
          class="mt-2"
          size="small"
          onPress={() => void retry()}
        >
          {t.tryAgainWith(t.deviceInText[kind])}
        </Button>
      )}
    </div>
  );
}
