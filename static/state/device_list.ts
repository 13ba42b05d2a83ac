/** What is plugged in, and what of that is new: pure, for the choices of devices and the hot-plug. */
import type { Device, DeviceKind } from "./media_port.ts";

/** The devices of one kind that can be chosen; those that the browser hides cannot. */
export function devicesOf(devices: readonly Device[], kind: DeviceKind): readonly Device[] {
  return devices.filter((device) => device.kind === kind && device.id !== "");
}

/**
 * The devices that came since `before`. The first look after a permission tells ids that were hidden
 * until then: those are not new. Neither are the roles that some systems give to a device a second
 * time (`default`, `communications`).
 */
export function newDevices(before: readonly Device[], after: readonly Device[]): readonly Device[] {
  const isRole = ({ id }: Device) => id === "default" || id === "communications";
  if (before.length === 0) return []; // Nobody has looked yet.
  return after.filter((device) => {
    if (device.id === "" || isRole(device)) return false;
    const known = before.filter(({ kind }) => kind === device.kind);
    return !known.some(({ id }) => id === "" || id === device.id);
  });
}

/** What to call a device. Browsers hide names until something was allowed. */
export function nameOfDevice(device: Device, fallback: string, index: number): string {
  return device.label.trim() === "" ? `${fallback} ${index + 1}` : device.label;
}
