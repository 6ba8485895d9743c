import { parseDocument } from "yaml";

/** An image of the catalogue with what the registry has under its tag. */
export interface Pin {
  readonly image: string;
  readonly tag: string;
  readonly digest: string;
}

/**
 * A stack file with pins of these images: tag and digest together, because a digest alone would stay when the
 * catalogue's tag moves on, and the reference would name a version that does not run. Comments and the rest stay.
 */
export function withPins(text: string, pins: readonly Pin[]): string {
  const document = parseDocument(text);
  for (const { image, tag, digest } of pins) {
    document.setIn(["config", "apprun:images", "pins", image, "tag"], tag);
    document.setIn(["config", "apprun:images", "pins", image, "digest"], digest);
  }
  return document.toString({ lineWidth: 0 });
}
