/** What narrows the log down: text, type, user, direction, pings. */
import type { JSX } from "preact";
import { texts } from "../browser/settings.ts";
import type { LogView } from "../state/log_view.ts";
import { OPEN_FILTER } from "../state/signaling_log.ts";
import { visibleText } from "../state/visible_text.ts";
import { Button } from "./button.tsx";
import { CheckField, SelectField, TextField } from "./field.tsx";

/** The filter of `log`. */
export function LogToolbar({ log }: { log: LogView }): JSX.Element {
  const t = texts.value;
  const filter = log.filter.value;
  const { types, users } = log.snapshot.value;
  const isNarrow = filter.text !== "" || filter.type !== "" || filter.user !== "" ||
    filter.direction !== "";
  return (
    <div class="mb-2 grid grid-cols-2 items-center gap-2 md:(flex flex-wrap)">
      <div class="col-span-2 min-w-[8rem] md:flex-1">
        <TextField
          id="log-filter"
          label={t.filterText}
          isLabelHidden
          placeholder={t.filterPlaceholder}
          value={filter.text}
          onInput={(text) => log.setFilter({ text })}
        />
      </div>
      <SelectField
        id="log-type"
        label={t.filterType}
        isLabelHidden
        class="md:w-[7.25rem]"
        value={filter.type}
        choices={choicesOf(types, filter.type, t.allTypes)}
        onChange={(type) => log.setFilter({ type })}
      />
      <SelectField
        id="log-user"
        label={t.filterUser}
        isLabelHidden
        class="md:w-[7.25rem]"
        value={filter.user}
        choices={choicesOf(users, filter.user, t.allUsers)}
        onChange={(user) => log.setFilter({ user })}
      />
      <SelectField
        id="log-direction"
        label={t.filterDirection}
        isLabelHidden
        class="md:w-32"
        value={filter.direction}
        choices={[
          { value: "", text: t.bothDirections },
          { value: "out", text: t.outgoing },
          { value: "in", text: t.incoming },
        ]}
        onChange={(value) =>
          log.setFilter({ direction: value === "out" || value === "in" ? value : "" })}
      />
      <div class="flex items-center justify-between gap-2">
        <CheckField
          id="log-pings"
          label={t.showPings}
          isOn={filter.pings}
          onChange={(pings) => log.setFilter({ pings })}
        />
        {isNarrow && (
          <Button
            icon="close"
            weight="quiet"
            label={t.resetFilter}
            onPress={() => log.setFilter({ ...OPEN_FILTER, pings: filter.pings })}
          />
        )}
      </div>
    </div>
  );
}

/** All of `found`, and the chosen one even if the log has dropped its last. */
function choicesOf(
  found: readonly string[],
  chosen: string,
  all: string,
): { value: string; text: string }[] {
  const values = chosen === "" || found.includes(chosen) ? found : [chosen, ...found];
  return [
    { value: "", text: all },
    ...values.map((value) => ({ value, text: visibleText(value) })),
  ];
}
