/** The system's own way to pass a link on, where there is one: phones have it, most desktops do not. */

/** Whether the system has one. */
export function canShareLink(): boolean {
  return "share" in navigator;
}

/** Opens it. Resolves to whether the link was passed on; closing it is no fault. */
export async function shareLink(title: string, url: string): Promise<boolean> {
  try {
    await navigator.share({ title, url });
    return true;
  } catch {
    return false; // The person closed it, or the system refused: the link can still be copied.
  }
}
