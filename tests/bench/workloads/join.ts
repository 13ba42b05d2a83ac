/**
 * The join storm: everybody enters at once, everybody hears of everybody. The first storm warms the
 * server up and is not counted.
 */
import { measure, type Measurement, medians, type Target } from "../measurement.ts";
import { enterRooms, leaveRooms, type Rooms } from "./rooms.ts";

const STORMS = 3;

/** Runs the storms and takes their cost; the departures between them are not counted. */
export function joinStorm(target: Target, rooms: Rooms): Measurement {
  enterRooms(target, rooms);
  return medians(Array.from({ length: STORMS }, () => {
    leaveRooms(target, rooms);
    return measure(target, () => enterRooms(target, rooms));
  }));
}
