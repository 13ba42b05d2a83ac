/** What the server refused: in our words, with its code, and in its own words. */
import type { JSX } from "preact";
import { texts } from "../browser/settings.ts";
import { visibleText } from "../state/visible_text.ts";
import type { Fault, Workbench } from "../state/workbench.ts";
import { Button } from "./button.tsx";
import { Chip } from "./panel.tsx";

/** A fault that belongs to no field: it covers the header, where nobody works, until dismissed. */
export function FaultNotice({ workbench }: { workbench: Workbench }): JSX.Element {
  const t = texts.value;
  const fault = workbench.fault.value;
  const isShown = fault !== undefined && fault.about === "other";
  return (
    <div role="alert" class="fixed inset-x-3 top-2 z-10 mx-auto max-w-lg">
      {isShown && (
        <div
          key={fault.id}
          class="flex items-start gap-3 rounded-xl border border-danger bg-surface p-3 text-sm shadow-xl"
        >
          <div class="min-w-0 flex-1">
            <FaultText fault={fault} />
          </div>
          <Button
            icon="close"
            weight="quiet"
            size="small"
            label={t.dismiss}
            onPress={() => workbench.dismissFault()}
          />
        </div>
      )}
    </div>
  );
}

/** The words of a fault. A code that is newer than this page is shown as it is. */
export function FaultText({ fault }: { fault: Fault }): JSX.Element {
  const t = texts.value;
  const known: string | undefined = t.errors[fault.code];
  return (
    <>
      <p class="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium">
        {known ?? fault.code}
        <Chip tone="danger">
          <code class="font-mono">{fault.code}</code>
        </Chip>
      </p>
      <p class="mt-1 text-xs text-muted wrap-anywhere">
        <span class="sr-only">{t.serverSays}:</span>
        <bdi lang="en">{visibleText(fault.message)}</bdi>
      </p>
    </>
  );
}
