import { z } from "zod";
import { ADDRESS_PATTERN, ADDRESS_WORDS } from "../../components/model/docker-address.ts";
import { imageSettings } from "../../components/services/kit/image-settings.ts";
import { hostName, oneOf, text } from "../../components/settings/kit/scalars.ts";
import { bucketAt } from "../backup/bucket/given-bucket.ts";
import { TARGETS, type Answers } from "./answers.ts";
import { imageParts } from "./image-parts.ts";

type Given = Partial<Answers> & Pick<Answers, "stack">;

/** One thing that `init` asks, and the option that answers it without a terminal. */
export interface Question {
  readonly key: Exclude<keyof Answers, "stack">;
  readonly option: string;
  readonly question: string;
  /** Whether it is asked after these answers. */
  readonly applies: (given: Given) => boolean;
  /** Whether it has no empty answer. */
  readonly required: (given: Given) => boolean;
  /** What is taken for an empty answer. */
  readonly fallback?: string;
  readonly schema: z.ZodType<unknown, string>;
}

const always = () => true;
const never = () => false;
const onDocker = ({ target }: Given) => target === "docker";
const hasDomain = ({ domain }: Given) => domain !== undefined;
const isLive = ({ stack }: Given) => stack === "prod" || stack === "staging";

const IMAGE = 'an image with its tag, such as "ghcr.io/example/shop:1.4.2"; never latest';
const PARTS = imageSettings("app.paths.health").pick({ registry: true, repository: true, tag: true });
const BUCKET = 'endpoint, bucket and prefix in one, such as "https://s3.eu-central-1.amazonaws.com/backups"';

/** In the order in which they are asked: an answer may decide whether a later one is. */
export const QUESTIONS: readonly Question[] = [
  {
    key: "target",
    option: "--target",
    question: `Where does it run? ${TARGETS.join(", ")}`,
    applies: always,
    required: always,
    schema: oneOf(...TARGETS),
  },
  {
    key: "dockerHost",
    option: "--docker-host",
    question: "Which Docker Engine? Empty: the one of this machine; else such as ssh://deploy@host",
    applies: onDocker,
    required: never,
    schema: z.string().regex(ADDRESS_PATTERN, ADDRESS_WORDS),
  },
  {
    key: "storageClass",
    option: "--storage-class",
    question: "Which StorageClass do data volumes have?",
    applies: ({ target }) => target === "kubernetes",
    required: always,
    schema: hostName(),
  },
  {
    key: "domain",
    option: "--domain",
    question: "Which domain is it? The login is at auth.<domain>",
    applies: always,
    required: isLive,
    schema: hostName(),
  },
  {
    key: "acmeEmail",
    option: "--acme-email",
    question: "Which mail address does the certificate's authority write to?",
    applies: (given) => onDocker(given) && hasDomain(given),
    required: always,
    schema: z.email({ error: 'a mail address such as "ops@example.com"' }),
  },
  {
    key: "clusterIssuer",
    option: "--cluster-issuer",
    question: "Which ClusterIssuer of cert-manager orders the certificate?",
    applies: (given) => !onDocker(given) && hasDomain(given),
    required: never,
    fallback: "letsencrypt",
    schema: hostName(),
  },
  {
    key: "appImage",
    option: "--app-image",
    question: "Which image has your app?",
    applies: always,
    required: isLive,
    schema: z.string().refine((value) => PARTS.safeParse(imageParts(value)).success, IMAGE),
  },
  {
    key: "appPort",
    option: "--app-port",
    question: "Which port does your app listen on?",
    applies: ({ appImage }) => appImage !== undefined,
    required: never,
    fallback: "8080",
    schema: z
      .string()
      .regex(/^[1-9]\d{0,4}$/, "a port from 1 to 65535")
      .refine((value) => Number(value) <= 65_535, "a port from 1 to 65535"),
  },
  {
    key: "mailFrom",
    option: "--mail-from",
    question: "Which address do mails of the login come from? Empty: it sends none",
    applies: always,
    required: never,
    schema: z.email({ error: 'a mail address such as "noreply@example.com"' }),
  },
  {
    key: "backupBucket",
    option: "--backup-bucket",
    question: `Which bucket do backups go to? Empty: none; else ${BUCKET}`,
    applies: always,
    required: never,
    schema: z.string().refine(isBucket, BUCKET),
  },
  {
    key: "region",
    option: "--region",
    question: "Which region has the bucket? Empty: the service tells",
    applies: ({ backupBucket }) => backupBucket !== undefined,
    required: never,
    schema: text('a region such as "eu-central-1"').regex(/^[a-z0-9-]+$/, 'a region such as "eu-central-1"'),
  },
];

function isBucket(address: string): boolean {
  try {
    bucketAt({ address });
    return true;
  } catch {
    return false;
  }
}
