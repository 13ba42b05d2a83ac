/** The chat of a meeting: text as text, addresses as links, to everyone or to one alone. */
import { useSignal, useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { MAX_TEXT_LENGTH } from "../../../src/protocol/limits.ts";
import type { UserId } from "../../../src/protocol/mod.ts";
import { texts } from "../../browser/settings.ts";
import type { Texts } from "../../i18n/en.ts";
import type { ChatLine } from "../../state/chat.ts";
import type { Meeting } from "../../state/meeting.ts";
import { nameIn } from "../../state/roster.ts";
import { findLinks } from "../../state/text_links.ts";
import { Button } from "../button.tsx";
import { SelectField, TextField } from "../field.tsx";
import { say } from "../live_region.tsx";
import { Empty } from "../panel.tsx";

/** The panel. */
export function MeetingChatPanel({ meeting, mayWriteTo = () => true, closed }: {
  meeting: Meeting;
  /** Who may be written to alone. Default: everybody. */
  mayWriteTo?: (userId: UserId) => boolean;
  /** Why nothing can be written. Default: something can. */
  closed?: string | undefined;
}): JSX.Element {
  const t = texts.value;
  const draft = useSignal("");
  const { chat } = meeting;
  const others = meeting.people.value.filter(({ isSelf, userId }) => !isSelf && mayWriteTo(userId));
  const send = () => {
    if (draft.value.trim() === "") return;
    if (chat.say(draft.value)) draft.value = "";
    else say(t.notConnected);
  };
  return (
    <div class="flex min-h-0 flex-1 flex-col">
      <Lines meeting={meeting} t={t} />
      {closed !== undefined && (
        <p class="mt-3 rounded-lg bg-warn-soft p-3 text-sm text-warn">{closed}</p>
      )}
      <form
        class={`mt-3 flex-wrap items-end gap-2 ${closed === undefined ? "flex" : "hidden"}`}
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <SelectField
          id="meeting-chat-to"
          label={t.chatTo}
          isLabelHidden
          class="w-full"
          value={chat.addressee.value ?? ""}
          choices={[
            { value: "", text: `${t.chatTo}: ${t.everyone}` },
            ...others.map(({ userId, name }) => ({
              value: userId,
              text: `${t.chatTo}: ${name}`,
            })),
          ]}
          onChange={(value) => {
            chat.addressee.value = others.find(({ userId }) => userId === value)?.userId;
          }}
        />
        <div class="min-w-0 flex-1">
          <TextField
            id="meeting-chat-text"
            label={t.chatText}
            isLabelHidden
            placeholder={t.chatText}
            value={draft.value}
            maxLength={MAX_TEXT_LENGTH}
            onInput={(value) => draft.value = value}
          />
        </div>
        <Button isSubmit icon="send" label={t.send} />
      </form>
    </div>
  );
}

function Lines({ meeting, t }: { meeting: Meeting; t: Texts }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const lines = meeting.chat.lines.value;
  useSignalEffect(() => {
    if (meeting.chat.lines.value.length === 0) return;
    requestAnimationFrame(() => box.current?.scrollTo({ top: box.current.scrollHeight }));
  });
  return (
    <div
      ref={box}
      role="log"
      aria-label={t.chat}
      tabIndex={0}
      class="min-h-0 flex-1 overflow-y-auto rounded-lg"
    >
      {lines.length === 0 && <Empty>{t.chatEmpty}</Empty>}
      {lines.map((line) => <Line key={line.key} line={line} meeting={meeting} t={t} />)}
    </div>
  );
}

function Line({ line, meeting, t }: { line: ChatLine; meeting: Meeting; t: Texts }): JSX.Element {
  const roster = meeting.roster.value;
  const isOwn = line.from === roster.selfId;
  const aside = line.to === undefined
    ? undefined
    : isOwn
    ? t.privatelyTo(nameIn(roster, line.to))
    : t.privately;
  return (
    <div class="py-1.5 text-sm" data-line>
      <p class="flex items-baseline gap-2 text-xs text-muted">
        <bdi class={`truncate font-medium ${isOwn ? "text-accent" : "text-ink"}`}>{line.name}</bdi>
        {aside && <bdi class="truncate text-warn">{aside}</bdi>}
        <time dateTime={new Date(line.at).toISOString()} class="ml-auto shrink-0 tabular-nums">
          {new Date(line.at).toLocaleTimeString(t.languageTag, { timeStyle: "short" })}
        </time>
      </p>
      <p dir="auto" class="isolate-text whitespace-pre-wrap wrap-anywhere">
        {findLinks(line.text).map(({ text, href }, index) =>
          href === undefined ? text : (
            <a
              key={index}
              href={href}
              target="_blank"
              rel="noopener noreferrer"
              class="text-accent underline underline-offset-2"
            >
              {text}
            </a>
          )
        )}
      </p>
    </div>
  );
}
