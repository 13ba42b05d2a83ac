/** How large a picture is, as the headers of video codecs tell it. */

/** Pixels. */
export type PictureSize = { readonly width: number; readonly height: number };
