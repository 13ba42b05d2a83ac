/** What a headless participant says, to programs and to people. */
import assert from "node:assert/strict";
import { ParticipantVoice } from "../../../cli/commands/participant_voice.ts";
import { makeStream } from "../../../cli/terminal.ts";

function voice({ isJson = false, isTty = false } = {}) {
  const said = { out: "", err: "" };
  const out = makeStream((text) => said.out += text, { isTty, hasColour: false });
  const err = makeStream((text) => said.err += text, { isTty, hasColour: false });
  return { said, voice: new ParticipantVoice({ out, err }, isJson) };
}

Deno.test("ParticipantVoice says an object a line to programs, and what happens beside elsewhere", () => {
  const { said, voice: one } = voice({ isJson: true });
  one.tell({ a: 1 }, ["words"]);
  one.redraw({ b: 2 }, ["more", "words"]);
  one.notice("beside");

  assert.equal(said.out, '{"a":1}\n{"b":2}\n');
  assert.equal(said.err, "beside\n");
});

Deno.test("ParticipantVoice says lines where nobody watches, and nothing that a terminal would obey", () => {
  const { said, voice: one } = voice();
  one.redraw({}, ["one", "two\x1b[2J"]);
  one.redraw({}, ["three"]);

  assert.match(said.out, /^one\ntwo.*\nthree\n$/);
  assert.ok(!said.out.includes("\x1b"));
});

Deno.test("ParticipantVoice draws its table again in place where somebody watches, unless something came between", () => {
  const { said, voice: one } = voice({ isTty: true });
  one.redraw({}, ["one", "two"]);
  one.redraw({}, ["three"]);
  one.notice("beside");
  one.redraw({}, ["four"]);

  assert.equal(
    said.out,
    "\rone\x1b[K\ntwo\x1b[K\n\x1b[J" + "\r\x1b[2Athree\x1b[K\n\x1b[J" + "\rfour\x1b[K\n\x1b[J",
  );
});
