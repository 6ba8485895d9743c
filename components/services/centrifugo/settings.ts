import { z } from "zod";
import { origins } from "../../settings/kit/origin.ts";
import { resources } from "../../settings/kit/resources.ts";
import { count, duration, flag, oneOf } from "../../settings/kit/scalars.ts";

const NAMESPACE = "a name of two letters, digits, dots, hyphens and underscores or more";

/** What clients may do in a group of channels. All rights but receiving are off: the app publishes, and tokens of the app say who subscribes. */
const channels = () =>
  z
    .strictObject({
      historySize: count(0, 10_000)
        .default(100)
        .describe("Messages that a channel keeps for clients that come back; 0 keeps none."),
      historyTtl: duration().default("5m").describe("Time after which a kept message is forgotten."),
      presence: flag().default(false).describe("Whether the server knows who is subscribed."),
      joinLeave: flag().default(false).describe("Whether subscribers hear of who comes and goes."),
      userLimited: flag()
        .default(false)
        .describe("Whether the users that a channel's name lists after # may subscribe without a token."),
      subscribeForClient: flag().default(false).describe("Whether every user may subscribe without a token."),
      publishForSubscriber: flag().default(false).describe("Whether subscribers may publish."),
      presenceForSubscriber: flag().default(false).describe("Whether subscribers may ask who is subscribed."),
      historyForSubscriber: flag().default(false).describe("Whether subscribers may ask for kept messages."),
    })
    .prefault({});

/** Messages to browsers and apps over WebSockets: Centrifugo. */
export const centrifugo = z
  .strictObject({
    enabled: flag().default(false),
    engine: oneOf("redis", "memory")
      .default("redis")
      .describe(
        "Where kept messages are: in the stack's cache, or in the memory of the one replica, which forgets them when it restarts.",
      ),
    replicas: count(1, 20).default(1).describe("More than 1 need engine redis."),
    origins: origins().describe("Sites that may connect besides the app's own."),
    channels: channels().describe("Channels whose name has no namespace."),
    namespaces: z
      .record(z.string().regex(/^[\w.-]{2,}$/, NAMESPACE), channels(), {
        error: "a map of channel settings by namespace",
      })
      .default({})
      .describe("Channels whose name begins with a namespace and a colon, by namespace."),
    resources: resources("500m", "256Mi", "50m", "64Mi"),
  })
  .prefault({});

/** The settings of a group of channels. */
export type Channels = z.output<ReturnType<typeof channels>>;
