/** The HTML report: self-contained, and text from elsewhere stays text. */
import assert from "node:assert/strict";
import { htmlOf } from "../../../cli/report/html.ts";
import { verifiedReport, wrongReport } from "../../support/simulation_reports.ts";

Deno.test("htmlOf tells verdict, settings, seed, checks and times", () => {
  const html = htmlOf(verifiedReport);

  assert.match(html, /<h1>Verified<\/h1>/);
  assert.match(html, /<dt>seed<\/dt><dd>7<\/dd>/);
  assert.match(html, /each user-joined once/);
  assert.match(html, /<b>Join<\/b> p50 1\.00 ms/);
  assert.match(html, /not checked/);
  assert.match(html, /name="viewport"/);
});

Deno.test("htmlOf needs nothing from elsewhere and runs nothing", () => {
  const html = htmlOf(wrongReport);

  assert.doesNotMatch(html, /<script|<link|<img|https?:\/\/(?!127)|@import|url\(/);
});

Deno.test("htmlOf escapes what the server and the user wrote", () => {
  const html = htmlOf(wrongReport);

  assert.match(html, /&lt;script&gt;alert\(&quot;x&quot;\)&lt;\/script&gt; &amp; &#39;quotes&#39;/);
  assert.doesNotMatch(html, /alert\("x"\)/);
});

Deno.test("htmlOf shows each finding with rule, user, expected and seen", () => {
  const finding = {
    rule: "LE3",
    roomId: "test",
    userId: "ann",
    message: "user-left of bob",
    expected: "exactly one",
    seen: "none",
  };

  const html = htmlOf({ ...wrongReport, findings: [finding] });

  assert.match(html, /LE3<\/span> ann in room test<\/h3><p>user-left of bob<\/p>/);
  assert.match(html, /<dt>expected<\/dt><dd>exactly one<\/dd><dt>seen<\/dt><dd>none<\/dd>/);
});
