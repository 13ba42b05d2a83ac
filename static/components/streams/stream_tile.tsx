/** One stream in its place: its pictures, whose they are, and what can be done with it. */
import type { JSX } from "preact";
import { texts } from "../../browser/settings.ts";
import { pictureAddress } from "../../state/streams.ts";
import { singleStreamAddress } from "../../state/streams_address.ts";
import type { StreamsWall, Tile } from "../../state/streams_wall.ts";
import { Button, ButtonLink } from "../button.tsx";
import { Icon } from "../icon.tsx";
import { Chip } from "../panel.tsx";
import { StreamPicture } from "./stream_picture.tsx";

/** The tile. */
export function StreamTile({ wall, tile }: { wall: StreamsWall; tile: Tile }): JSX.Element {
  const t = texts.value.streams;
  const { key, stream, showing } = tile;
  const { name, roomId, userId } = stream;
  const options = { choice: wall.choice.value, rights: wall.rights.value };
  const isHidden = showing.kind === "hidden";
  return (
    <li
      class="flex min-w-0 flex-col overflow-hidden rounded-xl border border-line bg-surface"
      data-stream={userId}
      data-showing={showing.kind}
    >
      {"address" in showing
        ? (
          <StreamPicture
            // What moves begins anew at another address; what is renewed keeps its image till then.
            key={showing.kind === "moving" ? showing.address : "renewed"}
            address={showing.address}
            jpgAddress={pictureAddress(stream, "jpg", { ...options, turn: 0 })}
            label={t.pictureOf(name, roomId)}
          />
        )
        : (
          <p class="flex aspect-video w-full items-center justify-center bg-tile p-4 text-center text-sm text-on-tile">
            {isHidden ? t.isHidden : t.isPaused}
          </p>
        )}
      <div class="flex flex-wrap items-center gap-x-3 gap-y-2 px-3 py-2">
        <div class="min-w-0 flex-1">
          <bdi class="block truncate text-sm font-medium">{name}</bdi>
          <bdi class="block truncate font-mono text-xs text-muted">{roomId}</bdi>
        </div>
        {showing.kind === "renewed" && <Chip>{t.isRenewed}</Chip>}
        {!wall.isSingle && (
          <div class="flex items-center gap-1">
            <Button
              size="small"
              weight="quiet"
              icon={isHidden ? "camera" : "camera-off"}
              label={isHidden ? t.showNamed(name) : t.hideNamed(name)}
              onPress={() => wall.toggle(key)}
            />
            <ButtonLink
              href={singleStreamAddress(stream, options)}
              isNewWindow
              label={t.openNamed(name)}
              weight="quiet"
              class="!h-8 !px-2"
            >
              <Icon name="window" />
            </ButtonLink>
          </div>
        )}
      </div>
    </li>
  );
}
