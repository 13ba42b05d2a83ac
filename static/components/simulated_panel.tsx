/** Adds company to the room: simulated users of this tab, each listed with a way out. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { texts } from "../browser/settings.ts";
import type { Texts } from "../i18n/en.ts";
import { parseRoomId } from "../state/ids.ts";
import type { JoinFields } from "../state/join_fields.ts";
import {
  MAX_SIMULATED_USERS,
  type SimulatedUser,
  type SimulatedUsers,
} from "../state/simulated_users.ts";
import { Button } from "./button.tsx";
import { Label } from "./field.tsx";
import { focusLater } from "./focus.ts";
import { Lamp, phaseText } from "./lamp.tsx";
import { say } from "./live_region.tsx";
import { Panel } from "./panel.tsx";

/** The panel. */
export function SimulatedPanel(
  { simulated, fields }: { simulated: SimulatedUsers; fields: JoinFields },
): JSX.Element {
  const t = texts.value;
  const count = useSignal(3);
  const users = simulated.list.value;
  const isFull = users.length >= MAX_SIMULATED_USERS;
  const add = () => {
    const roomId = parseRoomId(fields.roomId.value.trim());
    if (roomId === undefined) {
      fields.wrong.value = "roomId";
      focusLater("room-id");
      return;
    }
    const base = fields.userId.value.trim() || "guest";
    say(t.addedUsers(simulated.add(count.value, { roomId, base })));
  };
  return (
    <Panel
      id="simulated"
      title={t.simulated}
      aside={users.length > 0 && t.simulatedCount(users.length, MAX_SIMULATED_USERS)}
      actions={users.length > 0 && (
        <Button
          size="small"
          weight="quiet"
          onPress={() => simulated.leaveAll()}
        >
          {t.leaveAll}
        </Button>
      )}
    >
      <p class="mb-3 text-xs text-muted">{t.simulatedLead}</p>
      <form
        class="flex items-end gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <div class="flex items-center gap-2">
          <Label id="simulated-count" isHidden>{t.howMany}</Label>
          <input
            id="simulated-count"
            type="number"
            min={1}
            max={MAX_SIMULATED_USERS}
            required
            value={count.value}
            class="h-9 w-20 rounded-lg border border-edge bg-surface px-2.5 text-sm tabular-nums"
            onInput={(event) => count.value = event.currentTarget.valueAsNumber || 0}
          />
        </div>
        <Button isSubmit icon="plus" isDisabled={isFull}>{t.add}</Button>
      </form>
      {users.length > 0 && (
        <ul
          aria-labelledby="simulated-title"
          class="relative -mx-2 mt-3 max-h-60 overflow-y-auto"
          tabIndex={users.length > 6 ? 0 : undefined}
        >
          {users.map((user) => <Row key={user.key} user={user} simulated={simulated} t={t} />)}
        </ul>
      )}
    </Panel>
  );
}

function Row(
  { user, simulated, t }: { user: SimulatedUser; simulated: SimulatedUsers; t: Texts },
): JSX.Element {
  const isJoined = user.state.phase === "joined";
  return (
    <li data-simulated={user.userId} class="flex min-h-[2.25rem] items-center gap-2 px-2">
      <Lamp state={user.state} />
      <div class="min-w-0 flex-1 leading-tight">
        <bdi class="block truncate font-mono text-[13px]">{user.userId}</bdi>
        {!isJoined && (
          <span class="block truncate text-xs text-muted">
            {user.refusal === undefined ? phaseText(user.state, t) : t.errors[user.refusal]}
          </span>
        )}
      </div>
      {isJoined && (
        <Button
          size="small"
          weight="quiet"
          label={t.leaveNamed(user.userId)}
          onPress={() => simulated.leave(user.key)}
        >
          {t.leave}
        </Button>
      )}
      <Button
        size="small"
        weight="quiet"
        label={t.dropNamed(user.userId)}
        onPress={() => simulated.drop(user.key)}
      >
        {t.drop}
      </Button>
    </li>
  );
}
