/**
 * The page's entry: what all pages share, then the page of the address. Each page is a script of its
 * own, so that nobody loads the others.
 */
import { followSettings, texts } from "./browser/settings.ts";
import type { Visit } from "./entries/visit.ts";
import { parseDeepLink } from "./state/deep_link.ts";
import { LIVE_PATH } from "./state/live/live_address.ts";
import { STREAMS_PATH } from "./state/streams_address.ts";
import { installTheme } from "./theme.ts";

const place = document.getElementById("page");
if (place === null) throw new TypeError('Cannot draw the page: index.html has no "page" element');

installTheme();
followSettings();

const path = location.pathname.replace(/\/+$/, "");
try {
  const { show } = await pageOf(path);
  show({ place, path, link: parseDeepLink(location.search), random: () => Math.random() });
} catch (error) {
  place.textContent = texts.value.pageNotLoaded;
  throw error;
}

/** The script of the page at `path`; a path that is none is a meeting's to refuse. */
function pageOf(path: string): Promise<{ show: (visit: Visit) => void }> {
  if (path === "") return import("./entries/start.tsx");
  if (path === "/test") return import("./entries/test.tsx");
  if (path === STREAMS_PATH) return import("./entries/streams.tsx");
  if (path === LIVE_PATH) return import("./entries/live.tsx");
  if (path.startsWith(`${LIVE_PATH}/`)) return import("./entries/watch.tsx");
  return import("./entries/meeting.tsx");
}
