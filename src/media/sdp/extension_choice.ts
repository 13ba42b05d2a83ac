/** Which of the header extensions that a client offers we agree on, and under which ids. */
import { EXTENSION_URIS, type ExtensionName } from "../rtp/extensions.ts";
import type { ExtensionOffer } from "./media_section.ts";
import type { ExtensionIds } from "./negotiated_media.ts";

/** Extensions that are agreed on. */
export type ChosenExtensions = {
  /** As offered, for a=extmap. */
  readonly offered: readonly ExtensionOffer[];
  readonly ids: ExtensionIds;
};

const NAMES: ReadonlyMap<string, ExtensionName> = new Map(
  (Object.keys(EXTENSION_URIS) as ExtensionName[]) // The table has no other keys.
    .map((name) => [EXTENSION_URIS[name], name]),
);
const NONE: ExtensionIds = {
  absSendTime: 0,
  transportCc: 0,
  mid: 0,
  rid: 0,
  repairedRid: 0,
  audioLevel: 0,
  videoOrientation: 0,
  dependencyDescriptor: 0,
};

/** Those of `wanted` that are offered, each under the first id that it is offered with. */
export function chooseExtensions(
  extensions: readonly ExtensionOffer[],
  wanted: ReadonlySet<ExtensionName>,
): ChosenExtensions {
  const ids: Record<ExtensionName, number> = { ...NONE };
  const offered = extensions.filter(({ id, uri }) => {
    const name = NAMES.get(uri);
    if (name === undefined || !wanted.has(name) || ids[name] !== 0) return false;
    ids[name] = id;
    return true;
  });
  return { offered, ids };
}
