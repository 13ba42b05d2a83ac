/**
 * Keeps the screen on while somebody is in a call and looks (W3C screen-wake-lock). The browser takes
 * the lock away whenever the tab is hidden, so it is asked for again when it is seen again.
 */

/** Keeps the screen on until the function that it returns is called; does nothing where it cannot. */
export function keepScreenOn(): () => void {
  let isOver = false;
  let lock: WakeLockSentinel | undefined;
  const ask = async () => {
    if (isOver || document.visibilityState !== "visible" || !("wakeLock" in navigator)) return;
    try {
      lock = await navigator.wakeLock.request("screen");
      if (isOver) await lock.release();
    } catch {
      // The battery is low, or the browser does not want to: a call works with a dark screen too.
    }
  };
  const look = () => void ask();
  document.addEventListener("visibilitychange", look);
  look();
  return () => {
    isOver = true;
    document.removeEventListener("visibilitychange", look);
    void lock?.release();
  };
}
