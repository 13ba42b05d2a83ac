/** Layers of simulcast and their order. */
import assert from "node:assert/strict";
import { readRidOffer, readSimulcast } from "../../../src/media/sdp/simulcast_reader.ts";
import { assertRefused } from "./fixtures.ts";

const LINE = { number: 7, type: "a", value: "" };

Deno.test("readRidOffer reads name, direction and the payload types that it is bound to", () => {
  assert.deepEqual(readRidOffer(LINE, "l send"), { rid: "l", direction: "send", payloadTypes: [] });
  assert.deepEqual(readRidOffer(LINE, "h recv max-width=1280;pt=96,97"), {
    ...{ rid: "h", direction: "recv", payloadTypes: [96, 97] },
  });
});

Deno.test("readRidOffer refuses other directions, names and payload types", () => {
  for (const value of ["", "l", "l both", "l!x send", "l  send"]) {
    assertRefused(() => readRidOffer(LINE, value), /line 7: a/);
  }
  for (const value of ["l send pt=", "l send pt=96,", "l send pt=128"]) {
    assertRefused(() => readRidOffer(LINE, value), /line 7: a payload type of a=rid/);
  }
});

Deno.test("readSimulcast reads both directions, first alternatives, paused layers", () => {
  assert.deepEqual(readSimulcast(LINE, "send l;m;h"), { send: ["l", "m", "h"], recv: [] });
  assert.deepEqual(readSimulcast(LINE, " recv ~a,b;c  send d "), { send: ["d"], recv: ["a", "c"] });
});

Deno.test("readSimulcast refuses what breaks the grammar", () => {
  for (
    const value of ["", "l;m;h", "send", "send l;;h", "send ;", "send l send m", "send l recv"]
  ) {
    assertRefused(() => readSimulcast(LINE, value), /line 7: a/);
  }
  const layers = Array.from({ length: 17 }, (_, index) => `l${index}`).join(";");
  assertRefused(() => readSimulcast(LINE, `send ${layers}`), /line 7: more than 16 layers/);
});
