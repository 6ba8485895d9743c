import { capabilitiesDropped } from "./containers/capabilities.js";
import { noHostNamespaces } from "./containers/host-namespaces.js";
import { noHostPaths } from "./containers/host-paths.js";
import { limitsSet } from "./containers/limits.js";
import { logRotation } from "./containers/log-rotation.js";
import { noNewPrivileges } from "./containers/no-new-privileges.js";
import { nonRoot } from "./containers/non-root.js";
import { noPrivileged } from "./containers/privileged.js";
import { healthProbe } from "./containers/probe.js";
import { restartPolicy } from "./containers/restart.js";
import { backupRemote } from "./data/backup-remote.js";
import { claimsRetained } from "./data/claims-retained.js";
import { databaseBackup } from "./data/database-backup.js";
import { volumesProtected } from "./data/volumes-protected.js";
import { cloudflareTls } from "./edge/cloudflare-tls.js";
import { routeTls } from "./edge/route-tls.js";
import { teamAccess } from "./edge/team-access.js";
import { imageCatalogue } from "./images/catalogue.js";
import { imageDigest } from "./images/digest.js";
import { imageTag } from "./images/tag.js";
import { defaultDeny } from "./kubernetes/default-deny.js";
import { disruptionBudget } from "./kubernetes/disruption-budget.js";
import { podSecurity } from "./kubernetes/pod-security.js";
import { replicas } from "./kubernetes/replicas.js";
import { noPublicDataPort } from "./network/data-ports.js";
import { proxyPorts } from "./network/proxy-ports.js";
import { onlyProxyPublic } from "./network/public-ports.js";
import type { Policy } from "./policy.js";
import { secretNotInConfigMap } from "./secrets/config-maps.js";
import { grafanaAdmin } from "./secrets/grafana-admin.js";
import { grafanaAnonymous } from "./secrets/grafana-anonymous.js";
import { noKratosDev } from "./secrets/kratos-dev.js";
import { secretNotInEnv } from "./secrets/plain-env.js";
import { secretStrength } from "./secrets/strength.js";
import { stackLabel } from "./stack/label.js";
import { limitsWithinHost } from "./stack/limits-within-host.js";
import { names } from "./stack/names.js";
import { resourceCount } from "./stack/resource-count.js";

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
  databaseBackup,
  backupRemote,
  routeTls,
  cloudflareTls,
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
