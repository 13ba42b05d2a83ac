/** `/`: what this is, and the ways into a room. */
import { useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { texts } from "../browser/settings.ts";
import { Button } from "../components/button.tsx";
import { CreateRoom } from "../components/create_room.tsx";
import { TextField } from "../components/field.tsx";
import { focusLater } from "../components/focus.ts";
import { Icon, type IconName } from "../components/icon.tsx";
import { LiveRegion } from "../components/live_region.tsx";
import { OpenRooms } from "../components/open_rooms.tsx";
import { PageFrame } from "../components/page_frame.tsx";
import { Panel } from "../components/panel.tsx";
import { formatDeepLink } from "../state/deep_link.ts";
import { meetingPath } from "../state/meeting_address.ts";
import type { JoinFields } from "../state/join_fields.ts";

/** The page. */
export function StartPage({ fields }: { fields: JoinFields }): JSX.Element {
  const t = texts.value;
  useSignalEffect(() => {
    document.title = `Signalbox · ${texts.value.startTitle}`;
  });
  return (
    <PageFrame place="start">
      <div class="mx-auto max-w-5xl px-4 py-10 md:(px-6 py-16)">
        <div class="grid items-center gap-8 lg:grid-cols-[minmax(0,1fr)_25rem]">
          <div>
            <h1 class="text-3xl font-semibold tracking-tight text-balance md:text-4xl">
              {t.startTitle}
            </h1>
            <p class="mt-4 leading-relaxed text-muted text-pretty md:text-lg">{t.startLead}</p>
          </div>
          <WireSample />
        </div>
        <div class="mt-10 grid items-start gap-4 md:grid-cols-2">
          <JoinForm fields={fields} />
          <div class="flex min-w-0 flex-col gap-4">
            <CreateRoom />
            <OpenRooms userId={fields.userId.value} />
          </div>
        </div>
        <div class="mt-4 grid gap-4 md:grid-cols-2 xl:grid-cols-4">
          <Door
            href="/live"
            icon="record"
            title={t.liveRoom.openLive}
            text={t.liveRoom.openLiveLead}
          />
          <Door
            href="/streams"
            icon="grid"
            title={t.streams.doorTitle}
            text={t.streams.doorText}
          />
          <Door href="/test" icon="bolt" title={t.openTestPage} text={t.testPageLead} />
          <Door href="/schema" icon="link" title={t.openSchema} text={t.wireLead} />
        </div>
      </div>
      <LiveRegion />
    </PageFrame>
  );
}

/** Four messages, as the test page shows them; a picture, so a screen reader passes it over. */
function WireSample(): JSX.Element {
  const lines = [
    { way: "out", text: '{"type":"join","roomId":"482913","userId":"ann"}' },
    { way: "in", text: '{"type":"joined","users":["ann"],"participants":[…]}' },
    { way: "in", text: '{"type":"user-joined","userId":"bob"}' },
    { way: "out", text: '{"type":"offer","to":"bob","description":{…}}' },
  ] as const;
  return (
    <div
      aria-hidden="true"
      class="hidden overflow-hidden rounded-xl border border-line bg-surface font-mono text-xs leading-5 lg:block"
    >
      <p class="flex items-center gap-2 border-b border-line px-4 py-2.5 font-sans font-medium">
        <span class="h-2.5 w-2.5 rounded-full bg-lamp-go" /> signalbox.v1
      </p>
      <ul class="py-2">
        {lines.map(({ way, text }) => (
          <li key={text} class="flex items-center gap-2 px-4 py-1">
            <Icon
              name={way}
              class={`!h-3.5 !w-3.5 ${way === "out" ? "text-outbound" : "text-inbound"}`}
            />
            <span class="truncate text-muted">{text}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function JoinForm({ fields }: { fields: JoinFields }): JSX.Element {
  const t = texts.value;
  const errorOf = (field: "roomId" | "userId") =>
    fields.wrong.value === field ? t.idRule : undefined;
  const enter = (place: "meet" | "test") => {
    const request = fields.toRequest();
    if (request === undefined) {
      focusLater(fields.wrong.value === "userId" ? "user-id" : "room-id");
      return;
    }
    if (place === "meet") return location.assign(meetingPath(request.roomId));
    location.assign(formatDeepLink({
      room: request.roomId,
      ...(request.userId === undefined ? {} : { user: request.userId }),
      join: true,
    }));
  };
  return (
    <Panel id="join-room" title={t.joinRoom}>
      <p class="mb-4 text-sm text-muted text-pretty">{t.joinRoomHint}</p>
      <form
        class="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          enter("meet");
        }}
      >
        <TextField
          id="room-id"
          label={t.roomId}
          isCode
          hint={t.roomHint}
          value={fields.roomId.value}
          onInput={(value) => fields.roomId.value = value}
          error={errorOf("roomId")}
        />
        <TextField
          id="user-id"
          label={t.userId}
          isCode
          hint={fields.userId.value === "" ? t.userIdHint : undefined}
          value={fields.userId.value}
          onInput={(value) => fields.userId.value = value}
          error={errorOf("userId")}
        />
        <div class="flex flex-wrap gap-2">
          <Button isSubmit weight="primary">{t.meet.meetRoom}</Button>
          <Button onPress={() => enter("test")}>{t.enterRoom}</Button>
        </div>
      </form>
    </Panel>
  );
}

function Door(
  { href, icon, title, text }: { href: string; icon: IconName; title: string; text: string },
): JSX.Element {
  return (
    <a
      href={href}
      class="group flex gap-3 rounded-xl border border-line bg-surface p-4 transition-colors hover:border-edge"
    >
      <span class="flex h-9 w-9 shrink-0 items-center justify-center rounded-lg bg-accent-soft text-accent">
        <Icon name={icon} />
      </span>
      <span class="min-w-0">
        <span class="flex items-center gap-1.5 text-sm font-semibold">
          {title} <Icon name="arrow" class="!h-3.5 !w-3.5" />
        </span>
        <span class="mt-1 block text-sm text-muted text-pretty">{text}</span>
      </span>
    </a>
  );
}
