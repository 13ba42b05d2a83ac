/** The own devices: asked for once, switched, lost, found again; and never left running. */
import assert from "node:assert/strict";
import type { Device } from "../../../static/state/media_port.ts";
import {
  type DeviceEvent,
  FIRST_HEIGHT,
  hasChoice,
  OwnMedia,
} from "../../../static/state/own_media.ts";
import { Preferences } from "../../../static/state/preferences.ts";
import { FakeMedia, memory, settle } from "../support/fake_media.ts";

const CAMERA_2: Device = { kind: "camera", id: "cam-2", label: "Camera 2" };
const MICROPHONE_2: Device = { kind: "microphone", id: "mic-2", label: "Microphone 2" };

Deno.test("OwnMedia.begin opens both with one question", async () => {
  const { own, media } = await begun();

  assert.deepEqual(media.asked, ["both"]);
  assert.deepEqual([own.isMicrophoneOn.value, own.isCameraOn.value], [true, true]);
  assert.deepEqual(own.devices.value.map(({ id }) => id), ["cam-1", "mic-1", "spk-1"]);
});

Deno.test("OwnMedia.begin opens each for itself where one is blocked, and the other works", async () => {
  const { own, media } = await begun({}, (port) => {
    port.permissions.camera = "denied";
    port.faults.camera = "denied";
  });

  assert.deepEqual(media.asked, ["microphone", "camera"]);
  assert.deepEqual(own.camera.status.value, { state: "failed", fault: "denied" });
  assert.equal(own.isMicrophoneOn.value, true);
});

Deno.test("OwnMedia.begin tells both denied where the one question is", async () => {
  const { own, media } = await begun({}, (port) => {
    port.faults.microphone = "denied";
  });

  assert.deepEqual(media.asked, ["both"]);
  assert.deepEqual(own.microphone.status.value, { state: "failed", fault: "denied" });
  assert.deepEqual(own.camera.status.value, { state: "failed", fault: "denied" });
});

for (const fault of ["missing", "busy"] as const) {
  Deno.test(`OwnMedia.begin opens the microphone where the camera is ${fault}`, async () => {
    const { own } = await begun({}, (port) => {
      port.faults.camera = fault;
    });

    assert.deepEqual(own.camera.status.value, { state: "failed", fault });
    assert.equal(own.isMicrophoneOn.value, true);
  });
}

Deno.test("OwnMedia.begin opens what was on at the last visit, with the devices of that time", async () => {
  const { own, media } = await begun({
    "signalbox.cameraOn": "off",
    "signalbox.microphone": "mic-2",
    "signalbox.noiseSuppression": "off",
  }, (port) => port.plugged.push(MICROPHONE_2));

  assert.deepEqual(media.asked, ["microphone"]);
  assert.equal(media.newest("audio").label, "Microphone 2");
  assert.equal(media.newest("audio").wish?.sound.noiseSuppression, false);
  assert.equal(own.isCameraOn.value, false);
});

Deno.test("OwnMedia.setMicrophone mutes the track and keeps it, to be back at once", async () => {
  const { own, media } = await begun();

  await own.setMicrophone(false);
  const muted = [media.newest("audio").enabled, media.newest("audio").isStopped];
  await own.setMicrophone(true);

  assert.deepEqual(muted, [false, false]);
  assert.equal(media.newest("audio").enabled, true);
  assert.equal(media.opened.length, 2);
});

Deno.test("OwnMedia.setCamera turns the light off, and on again", async () => {
  const { own, media } = await begun();
  const first = media.newest("video");

  await own.setCamera(false);
  const off = [first.isStopped, own.tracks.value.camera];
  await own.setCamera(true);

  assert.deepEqual(off, [true, undefined]);
  assert.equal(own.tracks.value.camera, media.newest("video").asTrack);
  assert.notEqual(media.newest("video"), first);
});

Deno.test("a camera that is closed while it is being opened does not stay on", async () => {
  const { own, media } = await begun({ "signalbox.cameraOn": "off" });
  const release = media.hold();

  const opening = own.setCamera(true);
  await own.setCamera(false);
  await release();
  await opening;

  assert.equal(own.isCameraOn.value, false);
  assert.equal(media.newest("video").isStopped, true);
});

Deno.test("a mute that comes while the microphone is being opened holds", async () => {
  const { own, media } = await begun({ "signalbox.microphoneOn": "off" });
  const release = media.hold();

  const opening = own.setMicrophone(true);
  await own.setMicrophone(false);
  await release();
  await opening;

  assert.equal(media.newest("audio").enabled, false);
  assert.equal(own.isMicrophoneOn.value, false);
});

Deno.test("what is being opened stands on “on”, so that a press switches it off", async () => {
  const media = new FakeMedia();
  const { own } = ownMedia(media);
  const release = media.hold();

  const opening = own.begin();
  await settle();
  const early = [own.isMicrophoneSwitchedOn.value, own.isCameraSwitchedOn.value];
  await own.setMicrophone(!own.isMicrophoneSwitchedOn.value);
  await release();
  await opening;

  assert.deepEqual(early, [true, true]);
  assert.equal(media.newest("audio").enabled, false);
  assert.deepEqual([own.isMicrophoneSwitchedOn.value, own.isCameraSwitchedOn.value], [false, true]);
});

Deno.test("a camera that is switched off while the browser is asked is not opened", async () => {
  const media = new FakeMedia();
  const { own } = ownMedia(media);

  const opening = own.begin();
  await own.setCamera(false);
  await opening;

  assert.deepEqual(media.asked, ["microphone"]);
  assert.equal(own.isCameraSwitchedOn.value, false);
});

Deno.test("what could not be opened stands on “off”, so that a press tries again", async () => {
  const { own, media } = await begun({}, (port) => {
    port.permissions.camera = "denied";
    port.faults.camera = "denied";
  });
  const before = own.isCameraSwitchedOn.value;

  delete media.faults.camera;
  await own.setCamera(!own.isCameraSwitchedOn.value);

  assert.equal(before, false);
  assert.deepEqual([own.isCameraSwitchedOn.value, own.isCameraOn.value], [true, true]);
});

Deno.test("devices that come after close are ended", async () => {
  const media = new FakeMedia();
  const release = media.hold();
  const { own } = ownMedia(media);

  const beginning = own.begin();
  await settle();
  own.close();
  await release();
  await beginning;

  assert.deepEqual(media.live, []);
  assert.equal(media.watchers, 0);
});

Deno.test("close while the permission is asked opens nothing", async () => {
  const media = new FakeMedia();
  const { own } = ownMedia(media);

  const beginning = own.begin();
  own.close();
  await beginning;

  assert.deepEqual(media.asked, []);
});

Deno.test("OwnMedia.choose switches to the device at once and remembers it", async () => {
  const { own, media, store } = await begun({}, (port) => port.plugged.push(CAMERA_2));
  const first = media.newest("video");

  await own.choose("camera", "cam-2");

  assert.equal(media.newest("video").label, "Camera 2");
  assert.equal(media.newest("video").wish?.isExact, true);
  assert.equal(first.isStopped, true);
  assert.equal(store.kept.get("signalbox.camera"), "cam-2");
});

Deno.test("OwnMedia.choose keeps the present device where the other cannot be opened", async () => {
  const { own, media } = await begun();
  const first = media.newest("video");

  await own.choose("camera", "gone");

  assert.equal(own.tracks.value.camera, first.asTrack);
  assert.equal(first.isStopped, false);
});

Deno.test("a microphone that is muted stays muted on another device", async () => {
  const { own, media } = await begun({}, (port) => port.plugged.push(MICROPHONE_2));
  await own.setMicrophone(false);

  await own.choose("microphone", "mic-2");

  assert.equal(media.newest("audio").label, "Microphone 2");
  assert.equal(media.newest("audio").enabled, false);
});

Deno.test("the speaker is a choice that whoever plays follows; nothing is opened for it", async () => {
  const { own, media } = await begun();
  const asked = media.asked.length;

  await own.choose("speaker", "spk-1");

  assert.equal(own.chosen("speaker").value, "spk-1");
  assert.equal(media.asked.length, asked);
});

Deno.test("a camera that is pulled out is replaced by another one, with word of it", async () => {
  const { own, media, told } = await begun({}, (port) => port.plugged.push(CAMERA_2));

  media.plugged = media.plugged.filter(({ id }) => id !== "cam-1");
  media.newest("video").end();
  await settle();

  assert.equal(media.newest("video").label, "Camera 2");
  assert.equal(own.isCameraOn.value, true);
  assert.deepEqual(told, [
    { kind: "lost", source: "camera", label: "Camera 1", next: "Camera 2" },
  ]);
});

Deno.test("the last camera that is pulled out is gone, and starts when one comes back", async () => {
  const { own, media, told } = await begun();
  const rest = media.plugged.filter(({ kind }) => kind !== "camera");

  media.plugged = rest;
  media.newest("video").end();
  await settle();
  const gone = own.camera.status.value;
  await media.plug(...rest, CAMERA_2);

  assert.deepEqual(gone, { state: "failed", fault: "missing" });
  assert.deepEqual(told.map(({ kind }) => kind), ["lost"]);
  assert.equal(own.isCameraOn.value, true);
  assert.equal(media.newest("video").label, "Camera 2");
});

Deno.test("a device that is plugged in while another works is offered, not taken", async () => {
  const { media, told } = await begun();
  const opened = media.opened.length;

  await media.plug(...media.plugged, MICROPHONE_2);

  assert.deepEqual(told, [{ kind: "found", device: MICROPHONE_2 }]);
  assert.equal(media.opened.length, opened);
});

Deno.test("OwnMedia.share shows a screen with its sound, sharp, until the browser's bar ends it", async () => {
  const { own, media } = await begun();
  media.screenHasSound = true;

  await own.share();
  const picture = media.newest("video");
  const during = own.tracks.value;
  picture.end();

  assert.equal(during.screen, picture.asTrack);
  assert.equal(during.screenSound, media.newest("audio").asTrack);
  assert.equal(picture.contentHint, "detail");
  assert.equal(own.isSharing.value, false);
  assert.equal(media.newest("audio").isStopped, true);
});

Deno.test("OwnMedia.share says nothing where the person closes the choice, and a word where it fails", async () => {
  const { own, media, told } = await begun();

  media.faults.screen = "cancelled";
  await own.share();
  const quiet = told.length;
  media.faults.screen = "failed";
  await own.share();

  assert.equal(quiet, 0);
  assert.deepEqual(told, [{ kind: "share-failed", fault: "failed" }]);
});

Deno.test("a share that is ended before it came is never shown", async () => {
  const { own, media } = await begun();
  const release = media.hold();

  const sharing = own.share();
  own.unshare();
  await release();
  await sharing;

  assert.equal(own.isSharing.value, false);
  assert.equal(media.newest("video").isStopped, true);
});

Deno.test("sound, blur and height are asked of the open track, and a refusal is borne", async () => {
  const { own, media } = await begun();

  await own.setSound("echoCancellation", false);
  await own.setBlur(true);
  await own.setHeight(360);
  media.adjustFails = true;
  await own.setHeight(FIRST_HEIGHT);

  assert.equal(media.newest("audio").wish?.sound.echoCancellation, false);
  assert.equal(media.newest("video").wish?.isBlurred, true);
  assert.equal(media.newest("video").wish?.height, 360);
  assert.equal(own.isCameraOn.value, true);
});

Deno.test("hasChoice is true from two devices of a kind on", () => {
  const camera: Device = { kind: "camera", id: "cam-1", label: "" };

  assert.equal(hasChoice([camera], "camera"), false);
  assert.equal(hasChoice([camera, CAMERA_2], "camera"), true);
  assert.equal(hasChoice([camera, CAMERA_2], "microphone"), false);
});

function ownMedia(media: FakeMedia, remembered: Record<string, string> = {}) {
  const told: DeviceEvent[] = [];
  const store = memory(remembered);
  const own = new OwnMedia({
    port: media,
    preferences: new Preferences(() => store),
    told: (event) => told.push(event),
  });
  return { own, media, told, store };
}

async function begun(
  remembered: Record<string, string> = {},
  prepare: (media: FakeMedia) => void = () => {},
) {
  const media = new FakeMedia();
  prepare(media);
  const parts = ownMedia(media, remembered);
  await parts.own.begin();
  return parts;
}
