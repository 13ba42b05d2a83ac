/**
 * The texts of `deno task simulate --help` and `--scenario list`.
 */
import { FAULT_HELP } from "../faults/fault_flags.ts";
import { MEDIA_HELP } from "../media/media_flags.ts";
import { METRIC_WORDS } from "../measure/slo.ts";
import { REGRESSIONS } from "../scenarios/regressions/table.ts";
import { SCENARIOS } from "../scenarios/table.ts";

/** What the command does, its flags, examples and exit codes. */
export const SIMULATE_HELP: string =
  `Simulate users against a Signalbox server and verify what each of them sees.

Usage: deno task simulate [--flag value ...]

Users connect, join, chat and leave, by "leave" and by dropped sockets. Every message that
every one of them receives is checked: each join, departure and chat exactly once, rosters,
one order for all, nothing from other rooms, the room gone at the end.

Who
  --users N            users over all rooms [5]
  --room ID            the room; with several rooms their stem [simulation]
  --rooms N            rooms ID-1 to ID-N; the users are spread evenly [1]
  --url URL            the server, ws(s):// or http(s)://; without it one is started
                       in this process on a free port
What
  --scenario NAME      what they do [verify]; "list" explains each, and names those that
                       repeat what went wrong elsewhere
  --rate N             joins, chats, calls, leaves a second over all rooms
                       [as fast as is useful]
  --arrival HOW        how they connect and join: poisson (at --rate on average),
                       ramp (evenly over --ramp), burst (all at once) [at --rate]
  --ramp TIME          how long the ramp takes [10s]
  --duration TIME      how long they chat or call, e.g. 500ms, 10s, 2m [scenario's]
  --hold TIME          how long they then stay silent [0s]
  --churn FRACTION     of the users leaves and returns each second meanwhile [0]
  --drop-ratio FRACTION  of the departures by a dropped socket [0.3]
  --seed N             repeats who does what when [random, printed]
  --timeout TIME       how long nothing may move before that is a finding [10s]
Media
${MEDIA_HELP}How good
  --slo OBJECTIVE      fails the run where it does not hold; may be repeated
  --baseline FILE      an earlier --json: each figure better, same or worse with 99 %
                       confidence; fails the run where one is worse
  --search OBJECTIVE   looks for the largest run in which it holds: doubles, then halves;
                       each probe on a fresh server, a failed one is run once more
  --search-by WHAT     what grows: users (and rooms with them), or rate [users]
  --search-max N       and how far [10000]
  --processes N        testers side by side, a thread with whole rooms each [1]

  An objective is METRIC OPERATOR NUMBER UNIT, such as 'join.p95<300ms', 'errors==0',
  'server.rss<=200MB'. Metrics: ${wrapped(METRIC_WORDS)}.
  Times count from when a step was due, not from when the tester got to it.

Faults, on every user's connection; repeated by --seed; not in scenarios that relay or resume
${FAULT_HELP}  --fault-log FILE     writes each decision as a line of JSON
                       What only delays (latency to clock-skew) must verify in full.
                       Whoever loses a connection (cut, half-open, stop-reading) counts as
                       dropped, and what it last said as in doubt. What alters messages
                       (drop, duplicate, reorder) is found, as if the server had done it;
                       the finding says what was injected.
Output
  --json               one JSON document on the output; progress on the error stream
  --json-schema        the JSON Schema of that document, and nothing else
  --junit FILE         JUnit XML, one testcase a check
  --html FILE          a report to look at
  --record FILE        captures every message of every user, for "deno task replay"
  --quiet              nothing but the verdict
  --auto               taken for the sake of old habits; changes nothing
  --help               this text

Exit codes
  0  everything verified        1  something is wrong: who, which message, expected, seen;
                                   an objective missed; a figure worse than before
  2  a flag cannot be used      3  no connection to --url          130  interrupted

Examples
  deno task simulate --users 5 --room test
  deno task simulate --users 1000 --room big
  deno task simulate --users 5000 --rooms 1000 --quiet
  deno task simulate --url wss://rooms.example.org --users 20 --rate 10 --duration 30s
  deno task simulate --scenario join-storm --users 500 --rooms 50 --slo 'join.p95<300ms'
  deno task simulate --users 200 --arrival poisson --rate 50 --slo errors==0
  deno task simulate --users 200 --arrival ramp --ramp 20s --scenario mixed --rooms 20
  deno task simulate --users 100 --rate 50 --duration 10s --json > before.json
  deno task simulate --users 100 --rate 50 --duration 10s --baseline before.json
  deno task simulate --users 50 --rate 20 --search 'broadcast.p99<100ms' --search-max 2000
  deno task simulate --users 20 --rate 50 --search 'broadcast.p99<50ms' --search-by rate
  deno task simulate --users 4000 --rooms 400 --processes 4 --url ws://192.0.2.1:8080
  deno task simulate --users 50 --rooms 10 --churn 0.2 --hold 10s --seed 7 --html report.html
  deno task simulate --users 50 --latency 80ms --jitter 20ms --cut 0.001 --seed 7
  deno task simulate --users 20 --record run.jsonl
  deno task simulate --users 20 --media synthetic
  deno task simulate --users 12 --rooms 2 --media synthetic --slo 'packet.p99<50ms'
  deno task simulate --scenario ghosts-after-four-network-switches
`;

/** Every scenario with what it does; those that repeat what went wrong elsewhere with the thread. */
export function listScenarios(): string {
  const lines = Object.entries(SCENARIOS).map(([name, { summary }]) =>
    `  ${name.padEnd(12)} ${summary}\n`
  );
  const regressions = Object.entries(REGRESSIONS).map(([name, { summary, thread }]) =>
    `  ${name}\n    ${summary}\n    ${thread}\n`
  );
  return `Scenarios:\n${lines.join("")}\nRegressions of others:\n${regressions.join("")}`;
}

/** Metrics in lines that fit the text around them. */
function wrapped(words: string): string {
  const lines: string[] = [];
  let line = "";
  for (const word of words.split(" ")) {
    if (line.length + word.length > 68) {
      lines.push(line);
      line = "";
    }
    line += line === "" ? word : ` ${word}`;
  }
  return [...lines, line].join("\n  ");
}
