/** What is plugged in, and what of it is new. */
import assert from "node:assert/strict";
import { devicesOf, nameOfDevice, newDevices } from "../../../static/state/device_list.ts";
import type { Device } from "../../../static/state/media_port.ts";

const camera = (id: string, label = ""): Device => ({ kind: "camera", id, label });

Deno.test("devicesOf lists those of a kind that can be chosen", () => {
  const microphone: Device = { kind: "microphone", id: "m", label: "" };

  assert.deepEqual(devicesOf([camera("a"), microphone, camera("")], "camera"), [camera("a")]);
});

Deno.test("newDevices tells what came since", () => {
  assert.deepEqual(newDevices([camera("a")], [camera("a"), camera("b")]), [camera("b")]);
  assert.deepEqual(newDevices([camera("a"), camera("b")], [camera("a")]), []);
});

Deno.test("newDevices counts nothing as new that was hidden before a permission", () => {
  assert.deepEqual(newDevices([camera("")], [camera("a"), camera("b")]), []);
  assert.deepEqual(newDevices([], [camera("a")]), []);
});

Deno.test("newDevices passes over the roles that a device has beside its name", () => {
  assert.deepEqual(newDevices([camera("a")], [camera("a"), camera("default")]), []);
});

Deno.test("nameOfDevice has a name for a device without one", () => {
  assert.equal(nameOfDevice(camera("a", "Logi"), "Camera", 0), "Logi");
  assert.equal(nameOfDevice(camera("a", " "), "Camera", 1), "Camera 2");
});
