/** Comings and goings in words, for the live region of a page. */
import type { Texts } from "../i18n/en.ts";
import type { Announcement } from "../state/announcements.ts";

/** The sentence for an announcement. */
export function announcementText(announcement: Announcement, t: Texts): string {
  if (announcement.kind === "many") {
    return t.manyCameAndWent(announcement.joined, announcement.left);
  }
  return announcement.events
    .map((event) =>
      event.kind === "joined" ? t.someoneJoined(event.who) : t.leftBecause[event.reason](event.who)
    )
    .join(". ");
}
