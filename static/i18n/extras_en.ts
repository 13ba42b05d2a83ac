/** The words for files and recordings in English; `en.ts` takes them in. */
import type { TransferFault } from "../call/file_transfer.ts";
import type { RecordingFault } from "../state/recording.ts";

const transferFaults: Record<TransferFault, string> = {
  "channel-lost": "The connection was lost",
  timeout: "No answer came in time",
  protocol: "The other side sent something wrong",
  "too-large": "The file is too large",
  "wrong-hash": "The file arrived damaged and was thrown away",
  unreadable: "The file cannot be read any more",
  unwritable: "The file could not be written",
  "no-connection": "There is no direct connection",
};

const recordingFaults: Record<RecordingFault, string> = {
  unsupported: "This browser cannot record",
  unwritable: "The recording could not be written any further",
  failed: "The browser stopped recording",
};

/** Every text. */
export const extrasEn = {
  transferFaults,
  recordingFaults,

  // Files.
  files: "Files",
  filesLead: "Up to 100 MB each, straight from browser to browser. Nothing stays on the server.",
  filesEmpty: "No files yet.",
  filesAlone: "Nobody else is here to send a file to.",
  sendTo: "Send to",
  everyone: "Everyone",
  chooseFiles: "Choose files",
  dropFiles: "or drop them here",
  tooLarge: (name: string) => `${name} is larger than 100 MB and was not sent`,
  fileTo: (who: string) => `to ${who}`,
  fileFrom: (who: string) => `from ${who}`,
  somebody: "somebody who left",
  acceptFile: "Accept",
  acceptNamed: (name: string) => `Accept ${name}`,
  declineFile: "Decline",
  declineNamed: (name: string) => `Decline ${name}`,
  cancelNamed: (name: string) => `Cancel ${name}`,
  saveFile: "Save",
  saveNamed: (name: string) => `Save ${name}`,
  dismissNamed: (name: string) => `Remove ${name} from the list`,
  fileConnecting: "Connecting…",
  fileWaitsForThem: "Waiting for an answer",
  fileWaitsForYou: "Wants to send you this file",
  fileChoosing: "Choose where to save it",
  fileProgress: (done: string, size: string) => `${done} of ${size}`,
  perSecond: (size: string) => `${size}/s`,
  progressOf: (name: string) => `Progress of ${name}`,
  fileSent: "Sent, and complete",
  fileReady: "Complete, not saved yet",
  fileSaved: "Complete",
  fileDeclined: "Declined",
  fileCancelledBySelf: "Cancelled",
  fileCancelledByOther: "Cancelled by the other side",

  // Recording.
  record: "Record",
  recordMenu: "What to record",
  recordEveryone: "Record everyone",
  recordEveryoneHint: "All pictures and sounds, as you see and hear them",
  recordSelf: "Record only me",
  recordSelfHint: "Your camera, microphone and screen",
  recordNotice: "The others see that you record.",
  recordStarting: "Starting…",
  recordingNow: "Recording",
  recordingPaused: "Recording paused",
  recordingTime: "Recorded",
  recordingSize: "Size",
  pauseRecording: "Pause recording",
  resumeRecording: "Resume recording",
  stopRecording: "Stop recording",
  recordSaving: "Saving…",
  recordSaved: (name: string, size: string) => `${name} saved, ${size}`,
  recordCutShort: "What was recorded until then is saved.",
  recordFailed: "Nothing was recorded",
  saveAgain: "Save again",
};

/** What a language has to say about files and recordings. */
export type ExtrasTexts = typeof extrasEn;
