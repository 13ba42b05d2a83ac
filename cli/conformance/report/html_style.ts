/**
 * How the HTML report of conformance looks; beside `html.ts` so that each reads as one thing.
 */

/** The style sheet: system fonts, the reader's light or dark, one column that fits a phone. */
export const HTML_STYLE: string = `
:root{color-scheme:light dark;--ink:light-dark(#1d2330,#e6e9ef);--soft:light-dark(#5b6475,#9aa4b5);
--paper:light-dark(#fff,#12151c);--card:light-dark(#f4f6fa,#1b202a);--good:light-dark(#0a7d4b,#45d399);
--bad:light-dark(#b3261e,#ff8a80);--warn:light-dark(#8a5a00,#f3c04b);--line:light-dark(#2f6fed,#7fb0ff)}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:44rem;margin:0 auto;padding:1rem}
header{padding:1.25rem;border-radius:1rem;background:var(--card);border-left:.5rem solid var(--warn)}
header.conforms{border-color:var(--good)}header.fails{border-color:var(--bad)}
header p{margin:0;color:var(--soft)}h1{margin:.1em 0;font-size:2rem}
h2{font-size:1.1rem;margin:2rem 0 .5rem}h3{font-size:1rem;margin:0}
ul{list-style:none;margin:0;padding:0}
.rule{font:.85em ui-monospace,monospace;color:var(--soft)}
.passed span:first-child{color:var(--good)}.failed span:first-child,.error span:first-child{color:var(--bad)}
.not-applicable span:first-child{color:var(--warn)}
details{border-bottom:1px solid var(--card);padding:.3em 0}
summary{display:grid;align-items:baseline;grid-template-columns:1.2em 3em 1fr;gap:.5em;cursor:pointer}
details p{margin:.25rem 0 .25rem 1.7em;color:var(--soft)}
pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--card);border-radius:.5rem;
padding:.5rem;font:.8em/1.4 ui-monospace,monospace}
.findings li{background:var(--card);border-radius:.75rem;padding:.75rem 1rem;margin:.5rem 0;
overflow-wrap:anywhere;border-left:.25rem solid var(--bad)}
.findings p{margin:.25rem 0}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1em .75em;margin:0}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
`;
