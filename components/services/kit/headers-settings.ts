import { z } from "zod";
import { DEFAULT_HEADERS } from "../../model/response-headers.ts";

const ORIGINS = 'a list of origins such as ["https://call.example.com"]';

function who<Word extends "none" | "self" | "app">(...words: readonly Word[]) {
  const allowed = `${words.map((word) => `"${word}"`).join(", ")} or ${ORIGINS}`;
  const origins = z.array(z.string().regex(/^https?:\/\/[a-z0-9.-]+(:\d+)?$/, allowed)).min(1, allowed);
  return z.union([z.enum(words), origins], { error: allowed });
}

const EXAMPLE = { examples: [["https://call.example.com"]] };
const feature = (what: string, key: "camera" | "microphone" | "geolocation") =>
  who("none", "self")
    .default(DEFAULT_HEADERS[key] as "none")
    .meta(EXAMPLE)
    .describe(`Who may use ${what}: nobody, the page itself, or it and these origins in its frames.`);

/** What browsers are told about a page. */
export const responseHeaders = () =>
  z
    .strictObject({
      camera: feature("the camera", "camera"),
      microphone: feature("the microphone", "microphone"),
      geolocation: feature("the place", "geolocation"),
      frames: who("none", "self", "app")
        .default(DEFAULT_HEADERS.frames as "self")
        .meta(EXAMPLE)
        .describe(
          "Who may show it in a frame: nobody, its own host, or it and these origins. A list replaces a Content-Security-Policy that it sends itself. app: it says so itself.",
        ),
    })
    .prefault({})
    .describe("What browsers are told of its pages, in Permissions-Policy and what frames need.");
