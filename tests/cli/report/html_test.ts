/** The HTML report: self-contained, and text from elsewhere stays text. */
import assert from "node:assert/strict";
import { htmlOf } from "../../../cli/report/html.ts";
import {
  hostileTimeline,
  mediaReport,
  slowReport,
  verifiedReport,
  wrongReport,
} from "../../support/simulation_reports.ts";

Deno.test("htmlOf tells verdict, settings, seed, command, checks and times", () => {
  const html = htmlOf(verifiedReport);

  assert.match(html, /<h1>Verified<\/h1>/);
  assert.match(html, /<dt>seed<\/dt><dd>7<\/dd>/);
  assert.match(html, /<dt>drop ratio<\/dt><dd>0\.3<\/dd>/);
  assert.match(html, /<dt>rate<\/dt><dd>chosen by the run<\/dd>/);
  assert.match(html, /<code>deno task simulate --users 5 --room test --seed 7<\/code>/);
  assert.match(html, /each user-joined once/);
  assert.match(html, /<dt>p50<\/dt><dd>1\.00 ms<\/dd>/);
  assert.match(html, /not checked/);
  assert.match(html, /name="viewport"/);
});

Deno.test("htmlOf leaves out what there is nothing to say of", () => {
  const html = htmlOf({ ...verifiedReport, throughput: [] });

  for (const id of ["findings", "slos", "media", "messages", "users", "throughput"]) {
    assert.doesNotMatch(html, RegExp(`id="${id}"|href="#${id}"`), id);
  }
  const [main = ""] = /<main>.*<\/main>/s.exec(html) ?? [];
  assert.doesNotMatch(main, /Broadcast|NaN|undefined|Infinity/);
});

Deno.test("htmlOf tells what came of the media, and who lacks whom", () => {
  const html = htmlOf(mediaReport);

  assert.match(html, /1,200 packets sent, 2,345 received and checked; 12 lost on purpose, /);
  assert.match(
    html,
    /<th scope="row">user-1<\/th><td>1 of 2<\/td>.*<td>missing: user-3<\/td><\/tr>/,
  );
  assert.match(
    html,
    /user-2<\/th><td>2 of 2<\/td><td>1\.50 ms<\/td><td>21 ms<\/td><td>40 ms<\/td><td><\/td>/,
  );
});

Deno.test("htmlOf needs nothing from elsewhere", () => {
  const html = htmlOf(wrongReport, hostileTimeline);

  assert.doesNotMatch(html, /<link|<img|<iframe|<base|https?:\/\/(?!www\.w3\.org\/2000\/svg"|127)/);
  assert.doesNotMatch(html, /@import|url\(|\son[a-z]+=|\sstyle="/);
  assert.match(html, /default-src 'none'; style-src 'sha256-[\w+/=]+'; script-src 'sha256-/);
});

Deno.test("htmlOf escapes what the server and the user wrote", () => {
  const html = htmlOf(wrongReport, hostileTimeline);

  assert.match(html, /&lt;script&gt;alert\(&quot;x&quot;\)&lt;\/script&gt; &amp; &#39;quotes&#39;/);
  assert.doesNotMatch(html, /<script>alert/);
  assert.equal(html.match(/<script/g)?.length, 2, "its own, and the data");
  assert.equal(html.match(/<\/script/g)?.length, 2);
  assert.doesNotMatch(html, /[^\n\P{Cc}]|\p{Cs}|\u202e/u);
});

Deno.test("htmlOf keeps its data readable as JSON whatever stands in it", () => {
  const html = htmlOf(wrongReport, hostileTimeline);

  const [, json = ""] = /<script type="application\/json"[^>]*>(.*?)<\/script>/s.exec(html) ?? [];
  const data = JSON.parse(json);

  assert.deepEqual(data.users, hostileTimeline.users.map(({ userId }) => userId));
  assert.equal(data.messages.length, 8);
  assert.doesNotMatch(json, /[<>&\u2028\u2029]/);
});

Deno.test("htmlOf shows each finding with rule, user, expected, seen and what was around it", () => {
  const finding = {
    rule: "LE3",
    roomId: "test",
    userId: "ann",
    message: "user-left of bob",
    expected: "exactly one",
    seen: "none",
  };

  const html = htmlOf({ ...wrongReport, findings: [finding] }, hostileTimeline);

  assert.match(html, /LE3<\/span> ann in room test<\/h3><p>user-left of bob<\/p>/);
  assert.match(html, /<dt>expected<\/dt><dd>exactly one<\/dd><dt>seen<\/dt><dd>none<\/dd>/);
  assert.match(html, /What ann sent and received around it/);
});

Deno.test("htmlOf says how many findings it does not show", () => {
  const [finding] = wrongReport.findings;
  const findings = Array.from({ length: 300 }, () => finding!);

  const html = htmlOf({ ...wrongReport, findings, findingsTotal: 5_000 });

  assert.equal(html.match(/<dt>expected<\/dt>/g)?.length, 200);
  assert.match(html, /4,800 more findings not shown here/);
});

Deno.test("htmlOf shows objectives where the run had any, met or not", () => {
  const html = htmlOf(slowReport);

  assert.match(html, /<h2 id="slos-title">Objectives<\/h2>/);
  assert.match(html, /class="passed">.*<code>join\.p95&lt;5ms<\/code>.*met.*<b>2\.00 ms<\/b>/);
  assert.match(
    html,
    /class="failed">.*<code>broadcast\.p99&lt;1ms<\/code>.*not met.*<b>9\.00 ms<\/b>/,
  );
});

Deno.test("htmlOf says when the tester was late", () => {
  const late = { ...verifiedReport.tester, isSaturated: true };

  assert.match(htmlOf(verifiedReport), /The tester kept up/);
  assert.match(htmlOf({ ...verifiedReport, tester: late }), /The tester itself was late/);
});

Deno.test("htmlOf draws latency over the run, and says the same as a table", () => {
  const html = htmlOf(verifiedReport);

  assert.match(html, /<polyline class="p99" points="[\d., ]+"/);
  assert.match(html, /<th scope="row">100 ms<\/th><td>1<\/td><td>3\.50 ms<\/td>/);
});

Deno.test("htmlOf shows the way of each user and the beginning of the messages without a script", () => {
  const html = htmlOf(verifiedReport, hostileTimeline);

  assert.match(html, /<li>join sent <b>4\.00 ms<\/b><\/li><li>joined <b>5\.00 ms<\/b><\/li>/);
  assert.match(html, /The first 8 steps of 2 users/);
  assert.match(html, /Left out: 7 more users, and 6 messages from the middle of the run/);
});
