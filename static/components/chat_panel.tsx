/** The chat of the room: the last lines and a field, for everyone or for one participant. */
import { type Signal, useSignal, useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { MAX_TEXT_LENGTH } from "../../src/protocol/limits.ts";
import type { UserId } from "../../src/protocol/mod.ts";
import { texts } from "../browser/settings.ts";
import type { Texts } from "../i18n/en.ts";
import type { ChatLine } from "../state/chat.ts";
import { nameIn, type Roster } from "../state/roster.ts";
import type { Workbench } from "../state/workbench.ts";
import { Button } from "./button.tsx";
import { SelectField, TextField } from "./field.tsx";
import { say } from "./live_region.tsx";
import { Empty, Panel } from "./panel.tsx";

/** The panel; `addressee` is the one to write to, `undefined` for everyone. */
export function ChatPanel(
  { workbench, addressee }: { workbench: Workbench; addressee: Signal<UserId | undefined> },
): JSX.Element {
  const t = texts.value;
  const draft = useSignal("");
  const roster = workbench.roster.value;
  const isJoined = workbench.state.value.phase === "joined";
  const others = roster.participants.filter(({ userId }) => userId !== roster.selfId);
  const to = others.find(({ userId }) => userId === addressee.value)?.userId;
  const send = () => {
    if (draft.value === "" || !isJoined) return;
    if (workbench.say(draft.value, to)) draft.value = "";
    else say(t.notConnected);
  };
  return (
    <Panel id="chat" title={t.chat}>
      <Lines workbench={workbench} roster={roster} t={t} />
      <form
        class="mt-3 flex flex-wrap items-end gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <SelectField
          id="chat-to"
          label={t.chatTo}
          isLabelHidden
          class="w-full"
          value={to ?? ""}
          choices={[
            { value: "", text: `${t.chatTo}: ${t.everyone}` },
            ...others.map(({ userId }) => ({
              value: userId,
              text: `${t.chatTo}: ${nameIn(roster, userId)}`,
            })),
          ]}
          onChange={(value) => {
            addressee.value = others.find(({ userId }) => userId === value)?.userId;
          }}
          isDisabled={!isJoined}
        />
        <div class="min-w-0 flex-1">
          <TextField
            id="chat-text"
            label={t.chatText}
            isLabelHidden
            placeholder={t.chatText}
            value={draft.value}
            maxLength={MAX_TEXT_LENGTH}
            onInput={(value) => draft.value = value}
          />
        </div>
        <Button isSubmit icon="send" label={t.send} isDisabled={!isJoined} />
      </form>
    </Panel>
  );
}

function Lines(
  { workbench, roster, t }: { workbench: Workbench; roster: Roster; t: Texts },
): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const lines = workbench.chat.value;
  useSignalEffect(() => {
    if (workbench.chat.value.length === 0) return;
    requestAnimationFrame(() => box.current?.scrollTo({ top: box.current.scrollHeight }));
  });
  return (
    <div
      ref={box}
      role="log"
      aria-labelledby="chat-title"
      tabIndex={0}
      class="relative -mx-1 h-44 overflow-y-auto rounded-lg px-1"
    >
      {lines.length === 0 && <Empty>{t.chatEmpty}</Empty>}
      {lines.map((line) => <Line key={line.key} line={line} roster={roster} t={t} />)}
    </div>
  );
}

function Line({ line, roster, t }: { line: ChatLine; roster: Roster; t: Texts }): JSX.Element {
  const isOwn = line.from === roster.selfId;
  const aside = line.to === undefined
    ? undefined
    : isOwn
    ? t.privatelyTo(nameIn(roster, line.to))
    : t.privately;
  return (
    <div class="py-1 text-sm">
      <p class="flex items-baseline gap-2 text-xs text-muted">
        <bdi class={`truncate font-medium ${isOwn ? "text-accent" : "text-ink"}`}>{line.name}</bdi>
        {aside && <bdi class="truncate text-warn">{aside}</bdi>}
        <time dateTime={new Date(line.at).toISOString()} class="ml-auto tabular-nums">
          {new Date(line.at).toLocaleTimeString(t.languageTag, { timeStyle: "short" })}
        </time>
      </p>
      <p dir="auto" class="isolate-text whitespace-pre-wrap wrap-anywhere">{line.text}</p>
    </div>
  );
}
