/**
 * A real Chromium for the browser tests. Takes the one that `CHROMIUM` names or that the machine has;
 * installs Debian's where that is possible, and says so; elsewhere it says what to install.
 */
import { type Browser, chromium } from "playwright-core";
import { type Program, provide } from "./debian_package.ts";

/** The program. */
export const CHROMIUM: Program = {
  name: "Chromium",
  variable: "CHROMIUM",
  candidates: [
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/usr/bin/google-chrome-stable",
    "/snap/bin/chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  ],
  // Chinese needs a font; the others are what an empty container lacks.
  packages: ["chromium", "fonts-noto-cjk", "fonts-liberation"],
  elsewhere: "chromium or Google Chrome",
};

/** What is switched off; a list of ours takes the place of the one that Playwright gives. */
const DISABLED_FEATURES = [
  // Each would be a page of its own beside each tab: the box below the address bar, loaded ahead.
  ...["WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup"],
  // Names in place of addresses need multicast, which a container often lacks. A page that a test
  // hands in has no address, and so would not be let to a server of this machine.
  ...["WebRtcHideLocalIpsWithMdns", "LocalNetworkAccessChecks"],
  // They ask servers of Google's, or are not for tabs that are strangers to each other.
  ...["AimEnabled", "MediaRouter", "NetworkTimeServiceQuerying", "OptimizationHints"],
  ...["LensOverlay", "PreconnectToSearch", "DestroyProfileOnBrowserClose"],
  // What Playwright cannot work with.
  ...["AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync"],
  ...["HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades", "PaintHolding"],
  "ThirdPartyStoragePartitioning",
];

/** What every Chromium of a test is started with. */
export const FLAGS = [
  "--no-sandbox", // Tests may run as root, where the sandbox refuses to start.
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  `--disable-features=${DISABLED_FEATURES.join()}`,
];

/** For calls: cameras, a microphone and a screen that are none, and no question about them. */
export function mediaFlags(
  { cameras = 1, framesPerSecond = 20 }: {
    readonly cameras?: number;
    readonly framesPerSecond?: number;
  } = {},
): string[] {
  return [
    `--use-fake-device-for-media-stream=device-count=${cameras},fps=${framesPerSecond}`,
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
  ];
}

/** The same, with the camera that Chromium has where nothing else is said. */
export const MEDIA_FLAGS: readonly string[] = mediaFlags();

/**
 * Launches Chromium without a window, with `flags` beside the usual ones. Rejects when there is none,
 * with what to do about it.
 */
export async function launchChromium(flags: readonly string[] = []): Promise<Browser> {
  const executablePath = await provide(CHROMIUM);
  return await chromium.launch({ executablePath, args: [...FLAGS, ...flags] });
}
