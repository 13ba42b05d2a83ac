/**
 * The text of `deno task simulate --help`.
 */

import { FAULT_HELP } from "../faults/fault_flags.ts";

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
  --rate N             joins, chats, leaves a second over all rooms [as fast as is useful]
  --duration TIME      how long they chat, e.g. 500ms, 10s, 2m [two messages each]
  --hold TIME          how long they then stay silent [0s]
  --churn FRACTION     of the users leaves and returns each second meanwhile [0]
  --drop-ratio FRACTION  of the departures by a dropped socket [0.3]
  --seed N             repeats who does what when [random, printed]
  --timeout TIME       how long nothing may move before that is a finding [10s]
Faults, on every user's connection; repeated by --seed
${FAULT_HELP}  --fault-log FILE     writes each decision as a line of JSON
                       What only delays (latency to clock-skew) must verify in full.
                       Whoever loses a connection (cut, half-open, stop-reading) counts as
                       dropped, and what it last said as in doubt. What alters messages
                       (drop, duplicate, reorder) is found, as if the server had done it;
                       the finding says what was injected.
Output
  --json               one JSON document on the output; progress on the error stream
  --junit FILE         JUnit XML, one testcase a check
  --html FILE          a report to look at
  --record FILE        captures every message of every user, for "deno task replay"
  --quiet              nothing but the verdict
  --auto               taken for the sake of old habits; changes nothing
  --help               this text

Exit codes
  0  everything verified        1  something is wrong: who, which message, expected, seen
  2  a flag cannot be used      3  no connection to --url          130  interrupted

Examples
  deno task simulate --users 5 --room test
  deno task simulate --users 1000 --room big
  deno task simulate --users 5000 --rooms 1000 --quiet
  deno task simulate --url wss://rooms.example.org --users 20 --rate 10 --duration 30s
  deno task simulate --users 50 --rooms 10 --churn 0.2 --hold 10s --seed 7 --html report.html
  deno task simulate --users 50 --latency 80ms --jitter 20ms --cut 0.001 --seed 7
  deno task simulate --users 20 --record run.jsonl
`;
