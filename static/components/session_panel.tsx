/** Who joins where: the fields, Join and Leave, and what the server had against it. */
import { useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { MAX_NAME_LENGTH } from "../../src/protocol/limits.ts";
import { texts } from "../browser/settings.ts";
import { formatDeepLink } from "../state/deep_link.ts";
import { nextUserId } from "../state/ids.ts";
import type { JoinFields } from "../state/join_fields.ts";
import { ROLES } from "../state/role.ts";
import type { Workbench } from "../state/workbench.ts";
import { Button } from "./button.tsx";
import { CopyButton } from "./copy_button.tsx";
import { FaultText } from "./fault_notice.tsx";
import { SelectField, TextField } from "./field.tsx";
import { focusLater } from "./focus.ts";
import { Panel } from "./panel.tsx";
import { StateButtons } from "./state_buttons.tsx";

/** The panel. */
export function SessionPanel(
  { workbench, fields }: { workbench: Workbench; fields: JoinFields },
): JSX.Element {
  const t = texts.value;
  const state = workbench.state.value;
  const isJoined = state.phase === "joined";
  const isLocked = isJoined || (state.phase === "open" && state.isJoining);
  const fault = workbench.fault.value;
  const refusal = fault?.about === "join" ? fault : undefined;
  useFocusWithPhase(workbench);

  const join = () => {
    const request = fields.toRequest();
    if (request !== undefined) workbench.join(request);
    else focusLater(fields.wrong.value === "userId" ? "user-id" : "room-id");
  };
  const suggestion = nextUserId(fields.userId.value);
  const errorOf = (field: "roomId" | "userId") =>
    fields.wrong.value === field ? t.idRule : undefined;

  return (
    <Panel
      id="session"
      title={t.session}
      actions={
        <CopyButton
          icon="link"
          weight="quiet"
          size="small"
          label={t.copyInvite}
          done={t.inviteCopied}
          text={() => location.origin + formatDeepLink({ room: fields.roomId.value.trim() })}
        />
      }
    >
      <form
        class="grid grid-cols-2 gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isLocked) join();
        }}
      >
        <div class="col-span-2 sm:col-span-1 md:col-span-2">
          <TextField
            id="room-id"
            label={t.roomId}
            isCode
            value={fields.roomId.value}
            onInput={(value) => fields.roomId.value = value}
            isReadOnly={isLocked}
            error={errorOf("roomId")}
          />
        </div>
        <div class="col-span-2 sm:col-span-1 md:col-span-2">
          <TextField
            id="user-id"
            label={t.userId}
            isCode
            value={fields.userId.value}
            onInput={(value) => fields.userId.value = value}
            isReadOnly={isLocked}
            hint={fields.userId.value === "" ? t.userIdHint : undefined}
            error={errorOf("userId")}
          />
        </div>
        <div class="md:col-span-2 xl:col-span-1">
          <TextField
            id="display-name"
            label={t.displayName}
            note={t.optional}
            value={fields.name.value}
            onInput={(value) => fields.name.value = value}
            isReadOnly={isLocked}
            maxLength={MAX_NAME_LENGTH}
          />
        </div>
        <SelectField
          id="role"
          class="md:col-span-2 xl:col-span-1"
          label={t.role}
          value={fields.role.value}
          choices={ROLES.map((role) => ({ value: role, text: t.roles[role] }))}
          onChange={(value) => {
            fields.role.value = ROLES.find((role) => role === value) ?? "participant";
          }}
          isDisabled={isLocked}
        />
        <div class="col-span-2 flex gap-2">
          {isLocked
            ? (
              <Button
                id="leave"
                class="flex-1"
                weight="danger"
                icon="leave"
                onPress={() => workbench.leave()}
              >
                {isJoined ? t.leave : t.cancelJoin}
              </Button>
            )
            : <Button id="join" class="flex-1" weight="primary" isSubmit>{t.join}</Button>}
        </div>
      </form>
      {refusal && (
        <div role="alert" class="mt-3 rounded-lg bg-danger-soft p-3 text-sm">
          <FaultText fault={refusal} />
          {refusal.code === "user-id-taken" && (
            <Button
              class="mt-2"
              size="small"
              onPress={() => {
                fields.userId.value = suggestion;
                join();
              }}
            >
              {t.joinAs(suggestion)}
            </Button>
          )}
        </div>
      )}
      <StateButtons workbench={workbench} />
    </Panel>
  );
}

/**
 * The button that was pressed is replaced by its opposite: the focus goes on to that one.
 */
function useFocusWithPhase(workbench: Workbench): void {
  const wasJoined = useRef(false);
  useSignalEffect(() => {
    const state = workbench.state.value;
    const isJoined = state.phase === "joined";
    if (isJoined === wasJoined.current) return;
    wasJoined.current = isJoined;
    const focused = document.activeElement;
    const wasHere = focused === null || focused === document.body ||
      focused.id === "leave" || focused.id === "join";
    if (wasHere) focusLater(isJoined ? "leave" : "join");
  });
}
