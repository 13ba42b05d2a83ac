/** Files and recordings of a meeting: their models, tied to its call and to this browser. */
import { computed, effect, type ReadonlySignal, untracked } from "@preact/signals";
import type { UserId } from "../../src/protocol/mod.ts";
import { browserPlatform } from "../call/platform.ts";
import type { Meeting } from "../state/meeting.ts";
import { Recorder } from "../state/recorder.ts";
import { Transfers } from "../state/transfers.ts";
import type { RecordedParticipant } from "./composer.ts";
import { canRecord, recordingOf } from "./media_recording.ts";
import { pageClock } from "./page_clock.ts";
import { openSink, saveFile } from "./save_stream.ts";

/** What stands beside a call. */
export interface MeetingExtras {
  readonly transfers: Transfers;
  /** Undefined where the browser records nothing. */
  readonly recorder: Recorder | undefined;
  /** Whom a file can be sent to. */
  readonly others: ReadonlySignal<readonly { readonly userId: UserId; readonly name: string }[]>;
}

/** Files and recordings for `meeting`; a recording ends with the call. */
export function createExtras(meeting: Meeting, roomName: string): MeetingExtras {
  const transfers = new Transfers({
    clock: pageClock,
    openChannel: (to, label) => meeting.links.openChannel(to, label),
    openSink,
    save: saveFile,
    randomId: () => browserPlatform(pageClock).randomId(),
    offered: ({ userId, fileName }) => {
      const who = meeting.people.peek().find((person) => person.userId === userId)?.name ?? userId;
      meeting.notices.add({ kind: "file", who, fileName });
    },
  });
  meeting.takeChannels((from, channel) => {
    if (!transfers.take(from, channel)) channel.close(); // Not a file: nobody here knows what it is.
  });
  return {
    transfers,
    recorder: canRecord() ? createRecorder(meeting, roomName) : undefined,
    others: computed(() =>
      meeting.people.value.filter(({ isSelf }) => !isSelf).map(({ userId, name }) => ({
        userId,
        name,
      }))
    ),
  };
}

function createRecorder(meeting: Meeting, roomName: string): Recorder {
  const participants = computed(() =>
    meeting.people.value.map(({ userId, name, isSelf, tracks }): RecordedParticipant => ({
      userId,
      name,
      isSelf,
      video: tracks.camera,
      audio: tracks.microphone,
      screen: tracks.screen,
      screenSound: tracks.screenSound,
    }))
  );
  const recorder = new Recorder({
    clock: pageClock,
    start: recordingOf(participants, { openSink }),
    save: saveFile,
    showState: (isRecording) => meeting.setRecording(isRecording),
    roomName,
  });
  effect(() => {
    // Untracked: stopping reads and writes the recorder's own signals, which are no cause to stop.
    if (meeting.phase.value.name !== "call") untracked(() => recorder.stop());
  });
  return recorder;
}
