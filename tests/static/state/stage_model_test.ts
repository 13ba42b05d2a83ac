/** The stage as signals: what follows a choice, a pin, a share and a voice. */
import assert from "node:assert/strict";
import { type Signal, signal } from "@preact/signals";
import type { Speakers } from "../../../static/call/speaker.ts";
import { parseUserId } from "../../../static/state/ids.ts";
import type { Person } from "../../../static/state/people.ts";
import { Preferences } from "../../../static/state/preferences.ts";
import { StageModel } from "../../../static/state/stage_model.ts";
import { FakeTrack, memory } from "../support/fake_media.ts";

Deno.test("StageModel starts with the view of the last visit, and remembers the next", () => {
  const { stage, store } = stageOf(["ann", "bob"], { "signalbox.view": "speaker" });
  const first = stage.arrangement.value.main?.userId;

  stage.chooseView("grid");

  assert.equal(first, "bob");
  assert.equal(stage.arrangement.value.main, undefined);
  assert.equal(store.kept.get("signalbox.view"), "grid");
});

Deno.test("StageModel.togglePin makes a tile large, and lets it go again", () => {
  const { stage } = stageOf(["ann", "bob"]);
  const tile = { kind: "person", userId: parseUserId("ann")! } as const;

  stage.togglePin(tile);
  const pinned = stage.arrangement.value.main;
  stage.togglePin({ ...tile });

  assert.deepEqual(pinned, tile);
  assert.equal(stage.arrangement.value.main, undefined);
});

Deno.test("StageModel.places follow the size of the stage, once it was measured", () => {
  const { stage } = stageOf(["ann", "bob"]);
  const before = stage.places.value;

  stage.setSize({ width: 800, height: 400 }, 2);
  const small = stage.places.value;
  stage.setSize({ width: 800, height: 400 }, 1);
  const same = stage.places.value;
  stage.setSize({ width: 1_600, height: 800 }, 1);

  assert.equal(before, undefined);
  assert.deepEqual(small?.tiles.map(({ tile }) => tile.userId), ["ann", "bob"]);
  assert.equal(same, small);
  assert.ok(stage.places.value!.tiles[0]!.rect.width > small!.tiles[0]!.rect.width);
  assert.equal(stage.pixelRatio.value, 1);
});

Deno.test("StageModel gives the newest share the place, and the one before when that ends", () => {
  const { stage, people } = stageOf(["ann", "bob", "eve"]);
  const share = (...userIds: string[]) => {
    people.value = ["ann", "bob", "eve"].map((id) => person(id, userIds.includes(id)));
    return stage.arrangement.value.main?.userId;
  };

  assert.equal(share("eve"), "eve");
  assert.equal(share("eve", "bob"), "bob");
  assert.equal(share("eve"), "eve");
  assert.equal(share(), undefined);
});

Deno.test("StageModel makes no tile of the own screen", () => {
  const { stage, people } = stageOf(["ann"]);

  people.value = [person("ann", true)];

  assert.deepEqual(stage.arrangement.value.rest.map(({ kind }) => kind), ["person"]);
});

function stageOf(userIds: string[], remembered: Record<string, string> = {}) {
  const people: Signal<readonly Person[]> = signal(userIds.map((id) => person(id, false)));
  const speakers: Signal<Speakers> = signal({ active: undefined, speaking: new Set() });
  const store = memory(remembered);
  const stage = new StageModel(people, speakers, new Preferences(() => store));
  return { stage, people, store };
}

function person(id: string, isSharing: boolean): Person {
  return {
    userId: parseUserId(id)!,
    name: id,
    isSelf: id === "ann",
    isHost: false,
    state: {},
    isConnected: true,
    isSpeaking: false,
    link: "connected",
    quality: "good",
    tracks: isSharing ? { screen: new FakeTrack("video", "").asTrack } : {},
  };
}
