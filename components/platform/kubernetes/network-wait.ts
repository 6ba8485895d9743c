import type { JobSpec, ScheduleSpec } from "../../model/workload.ts";
import { confinement, type PodSpec } from "./pod.ts";

/** Seconds for each address. After them the task starts, and says itself what it does not reach. */
const AT_MOST = 30;

/** One attempt has a process of its own: bash can close a connection that opens, and end one that does not, in no other way. */
const WAIT = `for address in "$@"; do
  end=$((SECONDS + ${AT_MOST}))
  until timeout 2 bash -c ': <>"/dev/tcp/$0/$1"' "\${address%:*}" "\${address##*:}" 2>/dev/null; do
    if [ "$SECONDS" -ge "$end" ]; then
      echo "$address takes no connection after ${AT_MOST} s; the task starts without it"
      break
    fi
    sleep 0.5
  done
done`;

/** What runs in a task's pod before the task. */
export function networkWait(spec: JobSpec | ScheduleSpec): Pick<PodSpec, "initContainers"> {
  const { waitsIn, connectsTo = [] } = spec;
  if (waitsIn === undefined || connectsTo.length === 0) return {};
  return {
    initContainers: [
      {
        name: "network",
        image: waitsIn.reference,
        imagePullPolicy: "IfNotPresent",
        command: ["bash", "-c", WAIT, "network", ...connectsTo.map(({ address }) => address)],
        ...confinement({ ...spec, readOnlyRoot: true }),
      },
    ],
  };
}
