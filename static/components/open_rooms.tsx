/** The rooms that are open now, each with a way in; asked for again every few seconds. */
import { useSignal, useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { pageClock } from "../browser/page_clock.ts";
import { fetchOpenRooms } from "../browser/server_api.ts";
import { texts } from "../browser/settings.ts";
import { formatDeepLink } from "../state/deep_link.ts";
import type { OpenRoom } from "../state/open_rooms.ts";
import { ButtonLink } from "./button.tsx";
import { Chip, Empty, Panel } from "./panel.tsx";

/** Fresh enough to trust; a hidden tab does not ask at all. */
const REFRESH_MS = 4_000;

type Answer =
  | { readonly kind: "waiting" }
  | { readonly kind: "rooms"; readonly rooms: readonly OpenRoom[] }
  | { readonly kind: "unavailable" };

/** The panel; links carry the user id that the fields have now. */
export function OpenRooms({ userId }: { userId: string }): JSX.Element {
  const t = texts.value;
  const answer = useSignal<Answer>({ kind: "waiting" });
  useSignalEffect(() => {
    let isWanted = true;
    let cancel = () => {};
    const ask = async () => {
      if (document.visibilityState === "visible") {
        const next: Answer = await fetchOpenRooms().then(
          (rooms) => ({ kind: "rooms", rooms }),
          () => ({ kind: "unavailable" }), // The panel says so; the next round may do better.
        );
        if (isWanted) answer.value = next;
      }
      if (isWanted) cancel = pageClock.after(REFRESH_MS, () => void ask());
    };
    void ask();
    return () => {
      isWanted = false;
      cancel();
    };
  });
  const { value } = answer;
  return (
    <Panel
      id="open-rooms"
      title={t.openRooms}
      aside={value.kind === "rooms" && value.rooms.length > 0 && value.rooms.length}
    >
      {value.kind === "unavailable" && <Empty>{t.roomsUnavailable}</Empty>}
      {value.kind === "rooms" && value.rooms.length === 0 && <Empty>{t.noOpenRooms}</Empty>}
      {value.kind === "rooms" && value.rooms.length > 0 && (
        <ul class="divide-y divide-line" aria-labelledby="open-rooms-title">
          {value.rooms.map((room) => (
            <li key={room.roomId} class="flex items-center gap-3 py-2">
              <div class="min-w-0 flex-1">
                <bdi class="block truncate font-mono text-sm font-medium">{room.roomId}</bdi>
                <span class="text-xs text-muted">
                  {t.participants(room.participants)}
                  {room.viewers > 0 && ` · ${t.viewers(room.viewers)}`}
                </span>
              </div>
              <Chip>{room.kind === "live" ? t.live : t.meeting}</Chip>
              <ButtonLink
                href={formatDeepLink({ room: room.roomId, user: userId, join: true })}
                label={t.joinNamed(room.roomId)}
              >
                {t.join}
              </ButtonLink>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
