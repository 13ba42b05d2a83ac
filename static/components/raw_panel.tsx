/** Sends a frame exactly as it is written, starting from the examples of the server's own schema. */
import { useSignal, useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { fetchExamples } from "../browser/server_api.ts";
import { texts } from "../browser/settings.ts";
import type { Example } from "../state/examples.ts";
import { OWN_LABEL, type Workbench } from "../state/workbench.ts";
import { Button } from "./button.tsx";
import { Label, SelectField } from "./field.tsx";
import { say } from "./live_region.tsx";
import { Panel } from "./panel.tsx";

/** Stands for oneself in the choice of the sender. */
const SELF = "self";

/** The panel. */
export function RawPanel({ workbench }: { workbench: Workbench }): JSX.Element {
  const t = texts.value;
  const text = useSignal('{"type":"ping","at":1}');
  const sender = useSignal(SELF);
  const examples = useSignal<readonly Example[]>([]);
  useSignalEffect(() => {
    void fetchExamples().then((found) => {
      examples.value = found;
    }, () => {}); // A server without a schema has no examples; the choice says so.
  });

  const state = workbench.state.value;
  const simulated = workbench.simulated.list.value;
  const ownId = state.phase === "joined" ? state.userId : OWN_LABEL;
  const key = simulated.find((user) => String(user.key) === sender.value)?.key;
  const isJson = isJsonText(text.value);
  const send = () => {
    if (!workbench.sendRaw(text.value, key)) say(t.notConnected);
  };
  return (
    <Panel id="raw" title={t.raw} aside={t.rawLead}>
      <form
        class="flex flex-col gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <div class="grid grid-cols-1 gap-2 sm:grid-cols-2">
          <SelectField
            id="raw-example"
            label={t.example}
            value=""
            choices={[
              { value: "", text: examples.value.length === 0 ? t.noExamples : t.chooseExample },
              ...examples.value.map(({ label }) => ({ value: label, text: label })),
            ]}
            isDisabled={examples.value.length === 0}
            onChange={(label) => {
              text.value = examples.value.find((known) => known.label === label)?.text ??
                text.value;
            }}
          />
          <SelectField
            id="raw-sender"
            label={t.sendAs}
            value={key === undefined ? SELF : sender.value}
            choices={[
              { value: SELF, text: t.me(ownId) },
              ...simulated.map((user) => ({ value: String(user.key), text: user.userId })),
            ]}
            onChange={(value) => sender.value = value}
          />
        </div>
        <Label id="raw-text" isHidden>{t.messageText}</Label>
        <textarea
          id="raw-text"
          rows={5}
          spellcheck={false}
          dir="ltr"
          value={text.value}
          aria-describedby="raw-hint"
          class="w-full resize-y rounded-lg border border-edge bg-sunken p-2.5 font-mono text-xs leading-5"
          onInput={(event) => text.value = event.currentTarget.value}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
            event.preventDefault();
            send();
          }}
        />
        <div class="flex flex-wrap items-center gap-2">
          <p id="raw-hint" class="min-w-0 flex-1 text-xs text-warn">{isJson ? "" : t.notJson}</p>
          <Button
            isDisabled={!isJson}
            onPress={() => {
              text.value = JSON.stringify(JSON.parse(text.value), null, 2);
            }}
          >
            {t.format}
          </Button>
          <Button id="raw-send" isSubmit weight="primary" icon="send">{t.send}</Button>
        </div>
      </form>
    </Panel>
  );
}

function isJsonText(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false; // Not JSON is the answer, not a failure.
  }
}
