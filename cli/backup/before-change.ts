import { backup } from "../../components/services/backup/index.ts";
import { CATALOGUE } from "../../components/services/catalogue.ts";
import { cronJobName } from "../../components/platform/kubernetes/schedule.ts";
import { imageReferences, registered } from "../engine/image-references.ts";
import type { State } from "../engine/state.ts";
import { CliError, EXIT, reasonOf } from "../kit/exit.ts";
import { note } from "../kit/output.ts";
import type { Project } from "../kit/project.ts";
import type { BackupHost } from "./host.ts";
import { openBackupHost } from "./open.ts";

/** Images whose new version may write data that the old one cannot read. */
const TOUCH_DATA: readonly string[] = Object.entries(CATALOGUE).flatMap(([name, { touchesData }]) =>
  touchesData === undefined ? [] : [name],
);

/** What takes the backups, by platform: without it in the state none can be taken yet. */
const SCHEDULES: readonly (readonly [type: string, name: string])[] = [
  ["docker:index/container:Container", backup.name],
  ["kubernetes:batch/v1:CronJob", cronJobName(backup.name, "backup")],
];

/** Images of the state that another reference would replace, and that touch data. */
export function dataImagesThatChange(
  { recording, settings }: Pick<Project, "recording" | "settings">,
  state: State,
): readonly string[] {
  const own = Object.entries(settings.images.own ?? {}).filter(([, { touchesData }]) => touchesData !== undefined);
  const touching = [...TOUCH_DATA, ...own.map(([name]) => name)];
  const [known, wanted] = [imageReferences(registered(state)), imageReferences(recording.resources)];
  const named = [
    ...touching.map((image) => ({ name: `image-${image}`, image })),
    ...recording.result.inventory.workloads.filter(({ image }) => touching.includes(image)),
  ];
  const changed = named.filter(
    ({ name }) => known.has(name) && wanted.has(name) && known.get(name) !== wanted.get(name),
  );
  return [...new Set(changed.map(({ image }) => image))];
}

/**
 * Takes a backup before an update that brings new versions of what touches
 * data, `also` among them. A stack that has no schedule of backups yet is not held up.
 * @throws CliError when the backup fails; nothing was changed then
 */
export async function backupBeforeChange(
  project: Project,
  state: State,
  also: readonly string[] = [],
  openHost: (project: Project) => Promise<Pick<BackupHost, "run">> = openBackupHost,
): Promise<void> {
  const images = [...new Set([...dataImagesThatChange(project, state), ...also])];
  const scheduled = registered(state).some(({ type, name }) =>
    SCHEDULES.some(([ofType, called]) => type === ofType && name === called),
  );
  if (images.length === 0 || !project.settings.backup.enabled || !scheduled) return;
  note(`taking a backup before new versions of ${images.join(", ")}`);
  try {
    await (await openHost(project)).run("backup.sh");
  } catch (error) {
    throw new CliError(
      {
        happened: `stack ${project.stack}: no backup could be taken before new versions of ${images.join(", ")}`,
        fix: "nothing was changed: fix the cause below, or update without a fresh backup: --skip-backup",
        output: reasonOf(error),
      },
      EXIT.failed,
      { cause: error },
    );
  }
}
