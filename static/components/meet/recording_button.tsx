/**
 * Starts a recording of everyone or of oneself, and shows time, size, pause and stop while it runs. It
 * stands in the bar of the call; its menu opens above it.
 */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { texts } from "../../browser/settings.ts";
import type { Texts } from "../../i18n/en.ts";
import { clockText, sizeText } from "../../state/amounts.ts";
import { assertNever } from "../../state/assert_never.ts";
import type { Recorder } from "../../state/recorder.ts";
import type { RecordingScope } from "../../state/recording.ts";
import { Button } from "../button.tsx";
import { focusLater } from "../focus.ts";
import { say } from "../live_region.tsx";

const BUTTON_ID = "record";
const STOP_ID = "record-stop";

/** The button, or what takes its place while a recording is under way. */
export function RecordingButton({ recorder }: { recorder: Recorder }): JSX.Element {
  const t = texts.value;
  const state = recorder.state.value;
  switch (state.phase) {
    case "idle":
      return <RecordMenu recorder={recorder} t={t} />;
    case "starting":
      return <Working text={t.extras.recordStarting} />;
    case "recording":
    case "paused":
      return <Running recorder={recorder} isPaused={state.phase === "paused"} t={t} />;
    case "saving":
      return <Working text={t.extras.recordSaving} />;
    case "saved": {
      const { fileName, size, file } = state.recording;
      const saved = t.extras.recordSaved(fileName, sizeText(size, t.languageTag));
      const fault = state.fault &&
        `${t.extras.recordingFaults[state.fault]}. ${t.extras.recordCutShort}`;
      return (
        <Result text={fault ?? saved} recorder={recorder} isFault={fault !== undefined} t={t}>
          {file && (
            <Button size="small" icon="download" onPress={() => recorder.save()}>
              {t.extras.saveAgain}
            </Button>
          )}
        </Result>
      );
    }
    case "failed":
      return (
        <Result
          text={`${t.extras.recordFailed}: ${t.extras.recordingFaults[state.fault]}`}
          recorder={recorder}
          isFault
          t={t}
        />
      );
    default:
      return assertNever(state);
  }
}

/** The button with its menu (WAI-ARIA APG, menu button). */
function RecordMenu({ recorder, t }: { recorder: Recorder; t: Texts }): JSX.Element {
  const isOpen = useSignal(false);
  const place = useRef<HTMLDivElement>(null);
  const open = () => {
    isOpen.value = true;
    focusLater("record-everyone");
  };
  const close = () => {
    isOpen.value = false;
    focusLater(BUTTON_ID);
  };
  const choose = (scope: RecordingScope) => {
    isOpen.value = false;
    void recorder.start(scope).then(() => {
      if (recorder.state.peek().phase === "recording") {
        say(t.extras.recordingNow);
        focusLater(STOP_ID);
      } else focusLater(BUTTON_ID);
    });
  };
  const press = (event: KeyboardEvent) => {
    const items = [...place.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? []];
    const at = items.findIndex((item) => item === document.activeElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      if (!isOpen.value) open();
      else items[(next + items.length) % items.length]?.focus();
    } else if (event.key === "Escape" && isOpen.value) {
      event.stopPropagation();
      close();
    } else if (event.key === "Tab") isOpen.value = false;
  };
  return (
    <div
      ref={place}
      class="relative inline-flex"
      onKeyDown={press}
      onFocusOut={(event) => {
        const goesTo = event.relatedTarget;
        if (goesTo instanceof Node && !event.currentTarget.contains(goesTo)) isOpen.value = false;
      }}
    >
      <button
        id={BUTTON_ID}
        type="button"
        aria-haspopup="menu"
        aria-expanded={isOpen.value}
        title={t.extras.record}
        onClick={() => isOpen.value ? close() : open()}
        class="inline-flex h-10 items-center gap-2 rounded-full border border-line bg-surface px-3.5 text-sm sm:(h-11 px-4) font-medium text-ink transition-colors hover:border-edge"
      >
        <Dot isLit={false} />
        <span class="hidden sm:inline">{t.extras.record}</span>
      </button>
      {isOpen.value && (
        <div class="absolute bottom-[calc(100%+.5rem)] left-1/2 z-10 w-64 -translate-x-1/2 rounded-xl border border-line bg-surface p-1.5 text-left shadow-xl">
          <div role="menu" aria-label={t.extras.recordMenu}>
            <Item
              id="record-everyone"
              text={t.extras.recordEveryone}
              hint={t.extras.recordEveryoneHint}
              onChoose={() => choose("everyone")}
            />
            <Item
              id="record-self"
              text={t.extras.recordSelf}
              hint={t.extras.recordSelfHint}
              onChoose={() => choose("self")}
            />
          </div>
          <p class="px-2.5 pb-1 pt-1.5 text-xs text-muted">{t.extras.recordNotice}</p>
        </div>
      )}
    </div>
  );
}

function Item(
  props: { id: string; text: string; hint: string; onChoose: () => void },
): JSX.Element {
  return (
    <button
      id={props.id}
      type="button"
      role="menuitem"
      tabIndex={-1}
      onClick={props.onChoose}
      class="block w-full rounded-lg px-2.5 py-2 text-left text-sm font-medium hover:bg-sunken focus:bg-sunken"
    >
      {props.text}
      <span class="block text-xs font-normal text-muted">{props.hint}</span>
    </button>
  );
}

function Running(
  { recorder, isPaused, t }: { recorder: Recorder; isPaused: boolean; t: Texts },
): JSX.Element {
  return (
    <div
      role="group"
      aria-label={isPaused ? t.extras.recordingPaused : t.extras.recordingNow}
      class="inline-flex h-11 items-center gap-2 rounded-full border border-danger bg-danger-soft pl-4 pr-1.5 text-danger"
    >
      <Dot isLit={!isPaused} />
      <span
        class="text-sm font-medium tabular-nums"
        role="timer"
        aria-label={t.extras.recordingTime}
      >
        {clockText(recorder.elapsedMs.value)}
      </span>
      <span class="hidden text-xs tabular-nums sm:inline" title={t.extras.recordingSize}>
        {sizeText(recorder.bytes.value, t.languageTag)}
      </span>
      <Button
        size="small"
        weight="quiet"
        icon={isPaused ? "play" : "pause"}
        label={isPaused ? t.extras.resumeRecording : t.extras.pauseRecording}
        onPress={() => isPaused ? recorder.resume() : recorder.pause()}
      />
      <Button
        id={STOP_ID}
        size="small"
        weight="quiet"
        icon="stop"
        label={t.extras.stopRecording}
        onPress={() => recorder.stop()}
      />
    </div>
  );
}

function Working({ text }: { text: string }): JSX.Element {
  return (
    <span
      role="status"
      class="inline-flex h-11 items-center gap-2 rounded-full border border-line bg-surface px-4 text-sm text-muted"
    >
      {text}
    </span>
  );
}

function Result({ text, recorder, isFault, t, children }: {
  text: string;
  recorder: Recorder;
  isFault: boolean;
  t: Texts;
  children?: JSX.Element | undefined | false;
}): JSX.Element {
  return (
    <span
      role={isFault ? "alert" : "status"}
      class={`inline-flex min-h-[2.75rem] max-w-md items-center gap-2 rounded-3xl border bg-surface px-4 text-xs ${
        isFault ? "border-danger text-danger" : "border-line text-muted"
      }`}
    >
      <bdi class="min-w-0 wrap-anywhere">{text}</bdi>
      {children}
      <Button
        size="small"
        weight="quiet"
        icon="close"
        label={t.dismiss}
        onPress={() => {
          recorder.dismiss();
          focusLater(BUTTON_ID);
        }}
      />
    </span>
  );
}

/** Red while it records; the words beside it say the same. */
function Dot({ isLit }: { isLit: boolean }): JSX.Element {
  return (
    <span
      aria-hidden="true"
      class={`inline-block h-3 w-3 rounded-full bg-lamp-stop ${isLit ? "lamp-pulse" : ""}`}
    />
  );
}
