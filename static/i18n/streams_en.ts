/** The words of the page of streams in English; `en.ts` takes them in. */

/** Every text. */
export const streamsEn = {
  title: "Streams",
  lead:
    "What participants show, as pictures that any program can load. They are made while somebody " +
    "looks, and the participant sees how many do.",
  doorTitle: "Watch streams",
  doorText: "What participants show, as pictures side by side: for a wall, an <img> or ffmpeg.",

  // What is looked at.
  source: "What to watch",
  room: "Room",
  roomHint: "Empty: all open rooms. Rooms with six digits are seen by their code alone.",
  passcode: "Passcode",
  passcodeHint: "Where the room has one",
  passcodeWrong: "The passcode is missing or wrong",
  show: "Show",
  rate: "Pictures a second",
  rateChoice: (rate: number) =>
    rate < 1
      ? `1 picture in ${1 / rate} s`
      : rate === 1
      ? "1 picture a second"
      : `${rate} pictures a second`,
  width: "Width",
  widthChoice: (width: number) => `${width} pixels`,
  hideAll: "Hide all",
  showAll: "Show all",
  allStreams: "All streams",

  // A stream.
  pictureOf: (name: string, roomId: string) => `${name} in room ${roomId}`,
  hideNamed: (name: string) => `Hide ${name}`,
  showNamed: (name: string) => `Show ${name}`,
  openNamed: (name: string) => `Open ${name} in a new window`,
  isHidden: "Hidden",
  isPaused: "Paused while nobody looks",
  isRenewed: "Every 5 s",
  renewedHint: (count: number) =>
    `${count} streams move at once; the others are renewed every 5 seconds, because a browser keeps ` +
    "few connections to a server. Hide some to let others move.",
  noPicture: "No picture comes",
  cameraOff: "The camera is off",
  cannotSend: "This participant cannot make pictures",
  tryAgain: "Try again",

  // Nothing to see.
  looking: "Looking…",
  emptyAll: "Nobody shows pictures in an open room right now.",
  emptyRoom: (roomId: string) => `Nobody shows pictures in room ${roomId} right now.`,
  emptyHow:
    "Join a meeting or go live with a camera on, and it appears here within five seconds. Rooms with " +
    "six digits, a passcode, a lock or a waiting room are shown by their name only, if at all.",
  emptyMeeting: "Start a meeting",
  emptySingle: (userId: string) => `${userId} shows no pictures right now.`,
  unavailable: "The server does not answer. It is asked again every 5 seconds.",
  countOf: (count: number) => `${count} ${count === 1 ? "stream" : "streams"}`,
};

/** The shape of the texts in every language. */
export type StreamsTexts = typeof streamsEn;
