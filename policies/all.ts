import { capabilitiesDropped } from "./containers/capabilities.ts";
import { noHostNamespaces } from "./containers/host-namespaces.ts";
import { noHostPaths } from "./containers/host-paths.ts";
import { limitsSet } from "./containers/limits.ts";
import { logRotation } from "./containers/log-rotation.ts";
import { noNewPrivileges } from "./containers/no-new-privileges.ts";
import { nonRoot } from "./containers/non-root.ts";
import { noPrivileged } from "./containers/privileged.ts";
import { healthProbe } from "./containers/probe.ts";
import { restartPolicy } from "./containers/restart.ts";
import { backupRemote } from "./data/backup-remote.ts";
import { backupMemory } from "./data/backup-memory.ts";
import { backupRoom } from "./data/backup-room.ts";
import { claimsRetained } from "./data/claims-retained.ts";
import { databaseBackup } from "./data/database-backup.ts";
import { databasesProtected } from "./data/databases-protected.ts";
import { volumesProtected } from "./data/volumes-protected.ts";
import { clientAddresses } from "./edge/client-addresses.ts";
import { cloudflareNames } from "./edge/cloudflare-names.ts";
import { cloudflarePlan } from "./edge/cloudflare-plan.ts";
import { cloudflareTls } from "./edge/cloudflare-tls.ts";
import { routeTls } from "./edge/route-tls.ts";
import { teamAccess } from "./edge/team-access.ts";
import { imageCatalogue } from "./images/catalogue.ts";
import { imageDigest } from "./images/digest.ts";
import { imageTag } from "./images/tag.ts";
import { defaultDeny } from "./kubernetes/default-deny.ts";
import { disruptionBudget } from "./kubernetes/disruption-budget.ts";
import { podSecurity } from "./kubernetes/pod-security.ts";
import { replicas } from "./kubernetes/replicas.ts";
import { noPublicDataPort } from "./network/data-ports.ts";
import { proxyPorts } from "./network/proxy-ports.ts";
import { onlyProxyPublic } from "./network/public-ports.ts";
import type { Policy } from "./policy.ts";
import { secretNotInConfigMap } from "./secrets/config-maps.ts";
import { grafanaAdmin } from "./secrets/grafana-admin.ts";
import { grafanaAnonymous } from "./secrets/grafana-anonymous.ts";
import { noKratosDev } from "./secrets/kratos-dev.ts";
import { secretNotInEnv } from "./secrets/plain-env.ts";
import { secretStrength } from "./secrets/strength.ts";
import { stackLabel } from "./stack/label.ts";
import { limitsWithinHost } from "./stack/limits-within-host.ts";
import { names } from "./stack/names.ts";
import { resourceCount } from "./stack/resource-count.ts";

/** Every policy of the pack, by topic. */
export const POLICIES: readonly Policy[] = [
  imageTag,
  imageDigest,
  imageCatalogue,
  noPrivileged,
  noHostNamespaces,
  noHostPaths,
  capabilitiesDropped,
  nonRoot,
  noNewPrivileges,
  limitsSet,
  logRotation,
  restartPolicy,
  healthProbe,
  noPublicDataPort,
  onlyProxyPublic,
  proxyPorts,
  secretStrength,
  secretNotInEnv,
  secretNotInConfigMap,
  noKratosDev,
  grafanaAdmin,
  grafanaAnonymous,
  volumesProtected,
  claimsRetained,
  databasesProtected,
  databaseBackup,
  backupRemote,
  backupMemory,
  backupRoom,
  routeTls,
  clientAddresses,
  cloudflareTls,
  cloudflareNames,
  cloudflarePlan,
  teamAccess,
  replicas,
  disruptionBudget,
  defaultDeny,
  podSecurity,
  stackLabel,
  limitsWithinHost,
  resourceCount,
  names,
];
