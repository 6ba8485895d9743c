/** Who may do something with a page: nobody, the page itself, or the page itself and pages of other origins. */
export type Who = "none" | "self" | readonly string[];

/** What browsers are told that they let a page do, and let others do with it. */
export interface ResponseHeaders {
  readonly camera: Who;
  readonly microphone: Who;
  readonly geolocation: Who;
  /** Who may show it in a frame. `app`: what is behind the page says it. */
  readonly frames: Who | "app";
}

/** What a page gets that says nothing else. */
export const DEFAULT_HEADERS: ResponseHeaders = {
  camera: "none",
  microphone: "none",
  geolocation: "none",
  frames: "self",
};
