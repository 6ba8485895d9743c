import { ComponentResource, type ComponentResourceOptions } from "@pulumi/pulumi";
import type { Image } from "../../model/images.ts";
import { phrase } from "../../model/problem.ts";
import type { JobSpec, Ready } from "../../model/workload.ts";
import { authorityFiles, authorityPath } from "../kit/authorities.ts";
import type { CacheEngine } from "./cache.ts";
import { CACHE_AUTHORITY, cacheAddress, type CacheLogin, type CacheServer } from "./server.ts";
import { JOB_RESOURCES, type SharedArgs } from "../kit/service-args.ts";

export interface ExternalCacheArgs
  extends SharedArgs<CacheEngine>, Pick<CacheServer, "host" | "port" | "tls" | "ca" | "login"> {
  /** Whose tool asks the server. */
  readonly engine: CacheEngine;
  /** What the server should drop when it is full. */
  readonly policy: string;
  /** Whether its figures are asked for. */
  readonly monitored: boolean;
}

/** A Redis or Valkey that somebody else runs: no container, no volume. */
export class ExternalCache extends ComponentResource implements CacheServer {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly ca: string | undefined;
  readonly login: CacheLogin;
  readonly monitoring: CacheLogin | undefined;
  readonly ready: Ready;

  constructor(name: string, args: ExternalCacheArgs, opts: ComponentResourceOptions = {}) {
    super("apprun:service:ExternalCache", name, {}, opts);
    this.host = args.host;
    this.port = args.port;
    this.tls = args.tls;
    this.ca = args.ca;
    this.login = args.login;
    // Users are the server's owner's to make.
    this.monitoring = args.monitored ? args.login : undefined;
    this.ready = args.platform.job(`${name}-check`, cacheCheckJob({ ...args, image: args.image(args.engine) }), {
      parent: this,
    }).succeeded;
    this.registerOutputs({ address: cacheAddress(this) });
  }
}

/** Versions since which users have rights of their own for channels and keys by selector. */
const LEAST_MAJOR = 7;
const PASSWORD_FILE = "/run/secrets/cache-password";
/** Tries of the first connection, a second apart: a new container's way out may open some seconds after its start. */
const TRIES = 20;

/** A job that ends well only when the server lets us in, is new enough, and takes and gives back a key. */
export function cacheCheckJob(
  args: Pick<ExternalCacheArgs, "host" | "port" | "tls" | "ca" | "login" | "engine" | "policy"> & {
    readonly image: Image;
  },
): JobSpec {
  const { image, login } = args;
  return {
    image,
    entrypoint: ["sh", "-c"],
    args: [checkScript(args)],
    env: { CACHE_HOST: args.host, CACHE_PORT: String(args.port) },
    files: authorityFiles(CACHE_AUTHORITY, args),
    secretFiles: [{ path: PASSWORD_FILE, content: login.password }],
    resources: JOB_RESOURCES,
    runAs: { uid: image.uid, gid: image.gid },
    zone: "data",
    egress: true,
  };
}

/** What the script finds, with its variables. */
const PROBLEMS = {
  silent: { got: "version: got no answer to INFO", allowed: "a user that may run INFO", fix: "change its rights" },
  old: { got: "version: got $version", allowed: `${LEAST_MAJOR} or newer`, fix: "upgrade the server" },
  rights: {
    got: "rights: a key could not be written and read: $written",
    allowed: "a user that may do both",
    fix: "change its rights",
  },
};

function checkScript(args: Pick<ExternalCacheArgs, "tls" | "ca" | "host" | "login" | "engine" | "policy">): string {
  const { tls, host, login, engine, policy } = args;
  const ca = args.ca && authorityPath(CACHE_AUTHORITY);
  const options = [
    '-h "$CACHE_HOST" -p "$CACHE_PORT"',
    ...(login.user === undefined ? [] : [`--user ${login.user}`]),
    ...(tls ? [`--tls --sni ${host}`, ...(ca === undefined ? [] : [`--cacert ${ca}`])] : []),
  ].join(" ");
  return `REDISCLI_AUTH=$(cat ${PASSWORD_FILE})
export REDISCLI_AUTH
ask() { ${engine}-cli ${options} --no-auth-warning "$@" 2>&1 | tr -d '\\r'; }
field() { ask INFO "$1" | sed -n "s/^$2://p"; }
say() { echo "the cache at $CACHE_HOST:$CACHE_PORT is not what the stack needs:"; }
try=1
until answer=$(ask PING) && [ "$answer" = PONG ]; do
  case "$answer" in *WRONGPASS* | *NOAUTH* | *ERR* | *SSL*) try=${TRIES} ;; esac
  if [ "$try" -ge ${TRIES} ]; then
    say
    echo "  \${answer:-no answer}"
    echo "  see apprun:cache.external (host, port, tls, ca, username) and the secret apprun:cachePassword"
    exit 1
  fi
  try=$((try + 1))
  sleep 1
done
problems=
add() { problems="$problems
  $1"; }
version=$(field server redis_version)
case "\${version%%.*}" in
  '' | *[!0-9]*) add "${phrase(PROBLEMS.silent)}" ;;
  *) [ "\${version%%.*}" -ge ${LEAST_MAJOR} ] || add "${phrase(PROBLEMS.old)}" ;;
esac
key=apprun:check:$(hostname)
written=$(ask SET "$key" 1 EX 60)
[ "$written" = OK ] && [ "$(ask GET "$key")" = 1 ] || add "${phrase(PROBLEMS.rights)}"
ask DEL "$key" >/dev/null
if [ -n "$problems" ]; then
  say
  echo "\${problems#?}"
  exit 1
fi
policy=$(field memory maxmemory_policy)
[ "$policy" = ${policy} ] || echo "warning: the cache drops keys by \${policy:-an unknown policy}, the stack asks for ${policy}; change maxmemory-policy there or apprun:cache.policy"`;
}
