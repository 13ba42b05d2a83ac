/** What the page of streams shows, as the tests look at it. */
import type { Page } from "playwright-core";
import { waitUntil } from "./wait_until.ts";

/** A size and a mark of the pixels that an image shows now. */
const MARK = `(image) => {
  if (image.naturalWidth === 0) return "nothing";
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [64, 36];
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0, 64, 36);
  let mark = 0;
  for (const value of context.getImageData(0, 0, 64, 36).data) mark = (mark * 31 + value) >>> 0;
  return image.naturalWidth + " " + mark;
}`;

/** Waits until the page shows these streams and no other, e.g. `ann moving`. */
export async function untilShown(page: Page, ...expected: string[]): Promise<void> {
  await waitUntil(async () => {
    const shown = await page.evaluate<string[]>(
      `[...document.querySelectorAll("[data-stream]")].map(({ dataset }) =>
        dataset.stream + " " + dataset.showing)`,
    );
    return shown.join() === expected.join() ? undefined : `it shows ${shown.join()}`;
  });
}

/** Waits until the image of a stream has shown `count` different pictures. */
export async function untilMoving(page: Page, userId: string, count = 3): Promise<void> {
  await untilImageMoves(page, `[data-stream="${userId}"] img`, count);
}

/** The same, of any image; resolves to the width of its pictures. */
export async function untilImageMoves(
  page: Page,
  selector: string,
  count: number,
): Promise<number> {
  const seen = new Set<string>();
  let last = "none";
  await waitUntil(async () => {
    const found = await page.evaluate<string>(
      `((image) => image === null ? "no image" : (${MARK})(image))(
        document.querySelector(${JSON.stringify(selector)}))`,
    );
    if (/^\d+ /.test(found)) seen.add(found);
    last = found;
    return seen.size >= count ? undefined : `${seen.size} pictures, the last ${found}`;
  });
  return parseInt(last);
}

/** What a browser does with a page that another tab hides, or shows. */
export async function setHidden(page: Page, isHidden: boolean): Promise<void> {
  const value = isHidden ? "hidden" : "visible";
  await page.evaluate(`
    Object.defineProperty(document, "visibilityState", { value: "${value}", configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  `);
}
