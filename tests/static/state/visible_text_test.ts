/** Text that would disguise itself, made visible. */
import assert from "node:assert/strict";
import { visibleText } from "../../../static/state/visible_text.ts";

Deno.test("visibleText shows marks that turn the direction or have no width", () => {
  assert.equal(
    visibleText("a\u202egpj.exe\u200b\u2066\ufeff"),
    "a\\u202egpj.exe\\u200b\\u2066\\ufeff",
  );
});

Deno.test("visibleText leaves ordinary text of any script alone", () => {
  const text = 'Ann, 会议 שלום مرحبا 🙂 é <img> {"a":1}\n';

  assert.equal(visibleText(text), text);
});

Deno.test("visibleText keeps JSON what it was", () => {
  const value = { text: "x\u202ey\u2028z" };

  assert.deepEqual(JSON.parse(visibleText(JSON.stringify(value))), value);
});
