/** Makes a meeting of six digits and leads into it; live rooms are made on their own page. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { MAX_PASSCODE_LENGTH } from "../../src/protocol/limits.ts";
import { hostKeys } from "../browser/host_keys.ts";
import { createRoom } from "../browser/server_api.ts";
import { texts } from "../browser/settings.ts";
import { LIVE_PATH } from "../state/live/live_address.ts";
import { meetingPath } from "../state/meeting_address.ts";
import { Button, ButtonLink } from "./button.tsx";
import { CheckField, TextField } from "./field.tsx";
import { Icon } from "./icon.tsx";
import { Panel } from "./panel.tsx";

type Stage =
  | { readonly kind: "ready" }
  | { readonly kind: "asking" }
  | { readonly kind: "failed" };

/** The panel. */
export function CreateRoom(): JSX.Element {
  const t = texts.value;
  const stage = useSignal<Stage>({ kind: "ready" });
  const hasLobby = useSignal(false);
  const passcode = useSignal("");
  /** A meeting is entered at once, with its key in this tab. */
  const meet = async () => {
    stage.value = { kind: "asking" };
    try {
      const { roomId, hostKey } = await createRoom({
        kind: "meeting",
        ...(hasLobby.value ? { lobby: true } : {}),
        ...(passcode.value === "" ? {} : { passcode: passcode.value }),
      });
      hostKeys.keep(roomId, hostKey);
      location.assign(meetingPath(roomId));
    } catch {
      stage.value = { kind: "failed" }; // The panel says so and keeps its buttons.
    }
  };
  const { value } = stage;
  return (
    <Panel id="create-room" title={t.newRoom}>
      <p class="mb-3 text-sm text-muted text-pretty">{t.newRoomHint}</p>
      <div class="flex flex-wrap gap-2">
        <Button
          icon="plus"
          weight="primary"
          isDisabled={value.kind === "asking"}
          onPress={() => void meet()}
        >
          {t.createMeeting}
        </Button>
        <ButtonLink href={LIVE_PATH}>{t.createLive}</ButtonLink>
      </div>
      <details class="group mt-3">
        <summary class="inline-flex h-9 cursor-pointer items-center gap-1 text-sm text-muted hover:text-ink">
          {t.meet.newMeetingOptions}
          <Icon name="chevron" class="transition-transform group-open:rotate-90" />
        </summary>
        <div class="mt-1 grid gap-2">
          <CheckField
            id="new-lobby"
            label={t.meet.withLobby}
            isOn={hasLobby.value}
            onChange={(isOn) => hasLobby.value = isOn}
          />
          <TextField
            id="new-passcode"
            label={t.meet.withPasscode}
            note={t.optional}
            value={passcode.value}
            maxLength={MAX_PASSCODE_LENGTH}
            onInput={(text) => passcode.value = text}
          />
        </div>
      </details>
      {value.kind === "failed" && (
        <p role="alert" class="mt-3 text-sm text-danger">{t.createFailed}</p>
      )}
    </Panel>
  );
}
