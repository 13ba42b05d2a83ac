/** What the viewers see, as the broadcaster sees it: the camera as in a mirror, a screen as it is. */
import type { JSX } from "preact";
import { texts } from "../../browser/settings.ts";
import type { Broadcast } from "../../state/live/broadcast.ts";
import { Button } from "../button.tsx";
import { Icon } from "../icon.tsx";
import { VideoView } from "../meet/media_view.tsx";

/** The picture; fills its place, which is positioned. */
export function BroadcastPicture({ broadcast }: { broadcast: Broadcast }): JSX.Element {
  const t = texts.value;
  const { media } = broadcast.meeting;
  const { screen, camera } = media.tracks.value;
  const track = screen ?? camera;
  return (
    <>
      {track === undefined && (
        <div class="absolute inset-0 flex flex-col items-center justify-center gap-2 p-4 pb-16 text-center text-sm">
          <Icon name="camera-off" class="!h-8 !w-8 opacity-70" />
          <p class="max-w-[22rem] text-pretty">
            {broadcast.isScreenLost.value
              ? t.liveRoom.screenLost
              : media.camera.status.value.state === "starting"
              ? t.meet.cameraStarts
              : t.liveRoom.noPicture}
          </p>
          {broadcast.isScreenLost.value && (
            <p class="flex flex-wrap justify-center gap-2 text-ink">
              <Button
                weight="primary"
                onPress={() => void broadcast.showScreen()}
              >
                {t.liveRoom.shareAgain}
              </Button>
              <Button onPress={() => void broadcast.showCamera()}>
                {t.liveRoom.showCameraInstead}
              </Button>
            </p>
          )}
        </div>
      )}
      {track && (
        <VideoView
          track={track}
          isWhole
          isMirrored={screen === undefined}
          label={t.liveRoom.preview}
        />
      )}
    </>
  );
}
