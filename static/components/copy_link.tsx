/** A small button that copies the link to a page of this server. */
import type { JSX } from "preact";
import { CopyButton } from "./copy_button.tsx";

/** Copies the link to `path`, and says `done` then. */
export function CopyLink(
  { path, label, done }: { path: string; label: string; done: string },
): JSX.Element {
  return (
    <CopyButton
      icon="link"
      weight="quiet"
      size="small"
      label={label}
      done={done}
      text={() => location.origin + path}
    />
  );
}
