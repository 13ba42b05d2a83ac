/**
 * The text of `deno task conformance --help`.
 */

/** What the command does, its flags, examples and exit codes. */
export const CONFORMANCE_HELP: string =
  `Check a server against every rule of its protocol, over the wire.

Usage: deno task conformance [--flag value ...]

Without --url it checks servers that it starts in this process, each with the settings that a
rule needs. Every check has rooms and users of its own, takes every message strictly in order,
and asks with a ping whether one too many has come.

What
  --url URL            the server, ws(s):// or http(s)://, or for a dialect its address
  --dialect NAME       signalbox, socketio-rooms or peerjs: what the server speaks [signalbox];
                       the other two take --url
  --only RULE,...      these rules alone, e.g. JO3,LE3
  --listener NAME      which listener is behind --url, deno or ws: some rules hold for ws alone
  --token-secret TEXT  the secret of access tokens behind --url; better as TOKEN_SECRET
  --slow               waits that take minutes, and checks that use up the guesses of this network
  --timeout TIME       how long a message may take [5s]
Output
  --json FILE          the report as JSON; - for the output
  --junit FILE         JUnit XML, one testcase a rule
  --html FILE          a report to look at
  --quiet              nothing but the verdict
  --list               the rules with what each check does, and no run
  --help               this text

Exit codes
  0  every rule holds or does not apply    1  a rule is broken, or the checker is
  2  a flag cannot be used                 3  no connection to --url       130  interrupted

Examples
  deno task conformance
  deno task conformance --only JO3,LE3 --json -
  deno task conformance --url wss://rooms.example.org --html report.html
  deno task conformance --dialect socketio-rooms --url http://127.0.0.1:3000
`;
