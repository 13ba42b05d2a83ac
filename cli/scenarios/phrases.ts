/**
 * What simulated users say: things that people say, with the characters that servers get wrong.
 */

/** Openings of chat messages; the simulation adds who says it and the how manieth it is. */
export const PHRASES: readonly string[] = [
  "Hello",
  "Can everybody hear me?",
  "Good morning, 早上好, صباح الخير",
  "You are on mute 🙃",
  'She said "ship it"',
  "a < b && b > c",
  "C:\\new\\table\tand a tab",
  "Zalgo e\u0301\u0327, family 👨‍👩‍👧‍👦",
  "null",
  "Line one\nline two",
];
