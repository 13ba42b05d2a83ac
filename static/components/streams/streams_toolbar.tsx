/** What is watched, and how: a room with its passcode, how often, how large, all or none. */
import type { JSX } from "preact";
import { texts } from "../../browser/settings.ts";
import { FRAME_RATES, PICTURE_WIDTHS } from "../../state/streams.ts";
import type { StreamsWall } from "../../state/streams_wall.ts";
import { Button } from "../button.tsx";
import { SelectField, TextField } from "../field.tsx";
import { focusLater } from "../focus.ts";
import { Panel } from "../panel.tsx";

/** The panel. */
export function StreamsToolbar({ wall }: { wall: StreamsWall }): JSX.Element {
  const { streams: t, idRule } = texts.value;
  const answer = wall.answer.value;
  const isRefused = answer?.kind === "refused" && answer.code === "bad-passcode";
  return (
    <Panel id="streams-source" title={t.source}>
      <div class="grid items-start gap-4 lg:grid-cols-2">
        <form
          class="grid items-start gap-3 sm:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto]"
          onSubmit={(event) => {
            event.preventDefault();
            if (!wall.submit()) focusLater("streams-room");
          }}
        >
          <TextField
            id="streams-room"
            label={t.room}
            isCode
            value={wall.roomText.value}
            hint={t.roomHint}
            error={wall.isRoomWrong.value ? idRule : undefined}
            onInput={(value) => wall.roomText.value = value}
          />
          <TextField
            id="streams-passcode"
            label={t.passcode}
            value={wall.passcodeText.value}
            hint={t.passcodeHint}
            error={isRefused ? t.passcodeWrong : undefined}
            onInput={(value) => wall.passcodeText.value = value}
          />
          <Button isSubmit weight="primary" class="sm:mt-5">{t.show}</Button>
        </form>
        <PictureChoices wall={wall} />
      </div>
    </Panel>
  );
}

function PictureChoices({ wall }: { wall: StreamsWall }): JSX.Element {
  const { streams: t } = texts.value;
  const { framesPerSecond, width } = wall.choice.value;
  const tiles = wall.tiles.value;
  const isAnyShown = tiles.some(({ showing }) => showing.kind !== "hidden");
  return (
    <div class="grid items-end gap-3 sm:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto]">
      <SelectField
        id="streams-rate"
        label={t.rate}
        value={`${framesPerSecond}`}
        choices={FRAME_RATES.map((rate) => ({ value: `${rate}`, text: t.rateChoice(rate) }))}
        onChange={(value) =>
          wall.choice.value = { ...wall.choice.value, framesPerSecond: Number(value) }}
      />
      <SelectField
        id="streams-width"
        label={t.width}
        value={`${width}`}
        choices={PICTURE_WIDTHS.map((one) => ({ value: `${one}`, text: t.widthChoice(one) }))}
        onChange={(value) => wall.choice.value = { ...wall.choice.value, width: Number(value) }}
      />
      <Button
        isDisabled={tiles.length === 0}
        onPress={() => wall.toggleAll(!isAnyShown)}
      >
        {isAnyShown || tiles.length === 0 ? t.hideAll : t.showAll}
      </Button>
    </div>
  );
}
