/**
 * Checks of state.
 */
import { check } from "../check.ts";
import { same } from "../expectation.ts";
import { everyone } from "../scene.ts";

/** ST1, ST2. */
export const stateChecks = [
  check("ST1", {
    title: "a change of state is told to the others, whole; no change is told to nobody",
    does: "changes, repeats and completes a state among three",
  }, async (scene) => {
    const [ann, bob, cat] = await scene.gather(["ann", "bob", "cat"]);
    const steps: [change: object, state: object | undefined][] = [
      [{ audio: true }, { audio: true }],
      [{ audio: true }, undefined],
      [{ video: false }, { audio: true, video: false }],
      [{}, undefined],
      [{ audio: false, hand: true }, { audio: false, video: false, hand: true }],
      [{ screen: true, hand: true }, { audio: false, video: false, hand: true, screen: true }],
      [{ hand: true, screen: true }, undefined],
      [{ recording: true }, {
        ...{ audio: false, video: false, hand: true, screen: true },
        recording: true,
      }],
    ];
    for (const [change, state] of steps) {
      await ann!.ask({ type: "state", ...change }, "ok");
      if (state === undefined) continue;
      const update = { userId: "ann", state };
      await everyone([bob!, cat!], (one) => one.hear("participant-updated", update));
    }
    await everyone([ann!, bob!, cat!], (one) => one.hearNothing());
    await bob!.ask({ type: "state", hand: true }, "ok");
    const update = { userId: "bob", state: { hand: true } };
    await everyone([ann!, cat!], (one) => one.hear("participant-updated", update));
  }),

  check("ST2", {
    title: "who joins later finds the states in participants",
    does: "sets the states of two, then joins",
  }, async (scene) => {
    const [ann, bob] = await scene.gather(["ann", "bob"]);
    await ann!.ask({ type: "state", audio: true, video: true }, "ok");
    await bob!.hear("participant-updated");
    await ann!.ask({ type: "state", video: false }, "ok");
    await bob!.hear("participant-updated");
    const cat = await scene.connect("cat");
    const { participants } = await cat.join(scene.room);
    await everyone([ann!, bob!], (one) => one.hear("user-joined"));
    const states = participants.map(({ state }) => state);
    same("states", states, [{ audio: true, video: false }, {}, {}]);
  }),
];
