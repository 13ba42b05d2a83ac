/** One file in the list of a meeting's files: what it is, how far it is, what can be done with it. */
import type { JSX } from "preact";
import { texts } from "../../browser/settings.ts";
import { isOver } from "../../call/file_transfer.ts";
import type { Texts } from "../../i18n/en.ts";
import { sizeText } from "../../state/amounts.ts";
import { assertNever } from "../../state/assert_never.ts";
import type { Transfer, Transfers } from "../../state/transfers.ts";
import { Button } from "../button.tsx";
import { Icon } from "../icon.tsx";

/** The row. */
export function FileRow({ transfer, transfers, who }: {
  transfer: Transfer;
  transfers: Transfers;
  /** What the other participant is called. */
  who: string;
}): JSX.Element {
  const t = texts.value;
  const { fileName, size, state, direction } = transfer;
  const hasFailed = state.phase === "failed";
  return (
    <li data-transfer={state.phase} class="flex flex-col gap-1 px-2 py-2.5">
      <div class="flex items-baseline gap-2">
        <Icon
          name={direction === "outgoing" ? "out" : "in"}
          class={`self-center ${direction === "outgoing" ? "text-outbound" : "text-inbound"}`}
        />
        <bdi class="min-w-0 flex-1 truncate text-sm font-medium" title={fileName}>{fileName}</bdi>
        <span class="whitespace-nowrap text-xs tabular-nums text-muted">
          {sizeText(size, t.languageTag)}
        </span>
      </div>
      <div class="flex items-center gap-2">
        <div class="min-w-0 flex-1 text-xs leading-snug text-muted">
          <bdi class="block truncate">
            {direction === "outgoing" ? t.extras.fileTo(who) : t.extras.fileFrom(who)}
          </bdi>
          <span class={hasFailed ? "text-danger" : ""}>{stateText(transfer, t)}</span>
        </div>
        <Actions transfer={transfer} transfers={transfers} t={t.extras} />
      </div>
      {state.phase === "running" && (
        <progress
          aria-label={t.extras.progressOf(fileName)}
          max={Math.max(1, size)}
          value={state.bytes}
          class="h-1.5 w-full accent-accent"
        />
      )}
    </li>
  );
}

function Actions(
  { transfer, transfers, t }: { transfer: Transfer; transfers: Transfers; t: Texts["extras"] },
): JSX.Element {
  const { key, fileName, state, direction, isChoosing } = transfer;
  if (state.phase === "offered" && direction === "incoming") {
    return (
      <>
        <Button
          size="small"
          weight="primary"
          label={t.acceptNamed(fileName)}
          isDisabled={isChoosing}
          onPress={() => void transfers.accept(key)}
        >
          {t.acceptFile}
        </Button>
        <Button
          size="small"
          label={t.declineNamed(fileName)}
          onPress={() => transfers.decline(key)}
        >
          {t.declineFile}
        </Button>
      </>
    );
  }
  if (!isOver(state)) {
    return (
      <Button
        size="small"
        weight="quiet"
        icon="close"
        label={t.cancelNamed(fileName)}
        onPress={() => transfers.cancel(key)}
      />
    );
  }
  return (
    <>
      {state.phase === "done" && state.file !== undefined && (
        <Button
          size="small"
          weight="primary"
          icon="download"
          label={t.saveNamed(fileName)}
          onPress={() => transfers.save(key)}
        >
          {t.saveFile}
        </Button>
      )}
      <Button
        size="small"
        weight="quiet"
        icon="clear"
        label={t.dismissNamed(fileName)}
        onPress={() => transfers.dismiss(key)}
      />
    </>
  );
}

function stateText(
  { state, direction, size, isChoosing, bytesPerSecond }: Transfer,
  { languageTag, extras: t }: Texts,
): string {
  switch (state.phase) {
    case "connecting":
      return t.fileConnecting;
    case "offered":
      if (direction === "outgoing") return t.fileWaitsForThem;
      return isChoosing ? t.fileChoosing : t.fileWaitsForYou;
    case "running": {
      const progress = t.fileProgress(
        sizeText(state.bytes, languageTag),
        sizeText(size, languageTag),
      );
      if (bytesPerSecond === undefined) return progress;
      return `${progress} · ${t.perSecond(sizeText(bytesPerSecond, languageTag))}`;
    }
    case "done":
      if (direction === "outgoing") return t.fileSent;
      return state.file === undefined ? t.fileSaved : t.fileReady;
    case "declined":
      return t.fileDeclined;
    case "cancelled":
      return state.by === "self" ? t.fileCancelledBySelf : t.fileCancelledByOther;
    case "failed":
      return t.transferFaults[state.fault];
    default:
      return assertNever(state);
  }
}
