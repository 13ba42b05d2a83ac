/**
 * Files of a meeting: a place to drop them, and the list of what goes and comes, each with its progress
 * and what can be done with it.
 */
import { type ReadonlySignal, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { UserId } from "../../../src/protocol/mod.ts";
import { texts } from "../../browser/settings.ts";
import type { Transfers } from "../../state/transfers.ts";
import { Button } from "../button.tsx";
import { SelectField } from "../field.tsx";
import { say } from "../live_region.tsx";
import { Empty } from "../panel.tsx";
import { FileRow } from "./file_row.tsx";

/** Somebody to send files to. */
export interface FileReceiverChoice {
  readonly userId: UserId;
  readonly name: string;
}

/** What stands in the panel; its frame and its title are the caller's. */
export function FilesPanel({ transfers, others }: {
  transfers: Transfers;
  /** The others in the room. */
  others: ReadonlySignal<readonly FileReceiverChoice[]>;
}): JSX.Element {
  const t = texts.value.extras;
  const chosen = useSignal<UserId | undefined>(undefined);
  const people = others.value;
  const to = people.find(({ userId }) => userId === chosen.value)?.userId;
  const list = transfers.list.value;
  const nameOf = (userId: UserId) =>
    people.find((one) => one.userId === userId)?.name ?? t.somebody;
  const send = (files: Iterable<File>) => {
    const receivers = to === undefined ? people.map(({ userId }) => userId) : [to];
    for (const file of files) {
      if (transfers.send(file, receivers) === "too-large") say(t.tooLarge(file.name));
    }
  };
  return (
    <div class="flex min-w-0 flex-col gap-3">
      <p class="text-xs text-muted text-pretty">{t.filesLead}</p>
      {people.length === 0 ? <Empty>{t.filesAlone}</Empty> : (
        <>
          <SelectField
            id="files-to"
            label={t.sendTo}
            value={to ?? ""}
            choices={[
              { value: "", text: t.everyone },
              ...people.map(({ userId, name }) => ({ value: userId, text: name })),
            ]}
            onChange={(value) =>
              chosen.value = people.find(({ userId }) => userId === value)?.userId}
          />
          <DropZone onFiles={send} />
        </>
      )}
      {list.length === 0
        ? <Empty>{t.filesEmpty}</Empty>
        : (
          <ul aria-label={t.files} class="-mx-2 divide-y divide-line">
            {list.map((transfer) => (
              <FileRow
                key={transfer.key}
                transfer={transfer}
                transfers={transfers}
                who={nameOf(transfer.userId)}
              />
            ))}
          </ul>
        )}
    </div>
  );
}

/** Drop files, or press the button: the same for whoever uses no mouse. */
function DropZone({ onFiles }: { onFiles: (files: Iterable<File>) => void }): JSX.Element {
  const t = texts.value.extras;
  const input = useRef<HTMLInputElement>(null);
  const isOver = useSignal(false);
  return (
    <div
      data-drop-zone
      onDragOver={(event) => {
        if (!event.dataTransfer?.types.includes("Files")) return;
        event.preventDefault();
        isOver.value = true;
      }}
      onDragLeave={() => isOver.value = false}
      onDrop={(event) => {
        event.preventDefault();
        isOver.value = false;
        onFiles(event.dataTransfer?.files ?? []);
      }}
      class={`flex flex-col items-center gap-1 rounded-lg border border-dashed p-4 text-center ${
        isOver.value ? "border-accent bg-accent-soft" : "border-edge"
      }`}
    >
      <Button icon="file" onPress={() => input.current?.click()}>{t.chooseFiles}</Button>
      <span class="text-xs text-muted">{t.dropFiles}</span>
      <input
        ref={input}
        type="file"
        multiple
        tabIndex={-1}
        aria-hidden="true"
        class="sr-only"
        onChange={(event) => {
          onFiles(event.currentTarget.files ?? []);
          // The same file may be chosen again.
          event.currentTarget.value = "";
        }}
      />
    </div>
  );
}
