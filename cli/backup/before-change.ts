import type { ImageName } from "../../components/model/images.js";
import type { State } from "../engine/state.js";
import { CliError } from "../exit.js";
import { note } from "../output.js";
import type { Project } from "../project.js";
import { openBackupHost } from "./open.js";

/** Images whose new version may write data that the old one cannot read: they migrate schemas or own volumes. */
const TOUCH_DATA: readonly ImageName[] = ["apprun", "postgres", "kratos", "temporal", "temporalAdminTools", "grafana", "prometheus"];

const IMAGE_TYPE = "docker:index/remoteImage:RemoteImage";

/** Images of the state that another reference would replace, and that touch data. */
export function dataImagesThatChange({ recording }: Pick<Project, "recording">, { resources = [] }: State): readonly string[] {
  const wanted = new Map(recording.resources.filter(({ type }) => type === IMAGE_TYPE).map(({ name, inputs }) => [name, inputs["name"]]));
  return TOUCH_DATA.filter((image) => {
    const known = resources.find(({ type, urn }) => type === IMAGE_TYPE && urn.endsWith(`::image-${image}`));
    return known !== undefined && wanted.has(`image-${image}`) && known.inputs?.name !== wanted.get(`image-${image}`);
  });
}

/**
 * Takes a backup before an update that brings new versions of what touches
 * data, `also` among them. A stack that has no backup container yet is not held up.
 * @throws CliError when the backup fails; nothing was changed then
 */
export async function backupBeforeChange(project: Project, state: State, also: readonly ImageName[] = []): Promise<void> {
  const images = [...new Set([...dataImagesThatChange(project, state), ...also])];
  const scheduled = (state.resources ?? []).some(({ type, urn }) => type === "docker:index/container:Container" && urn.endsWith("::backup"));
  if (images.length === 0 || !project.settings.backup.enabled || !scheduled) return;
  note(`taking a backup before new versions of ${images.join(", ")}`);
  try {
    await (await openBackupHost(project)).run("backup.sh");
  } catch (error) {
    throw new CliError(
      `stack ${project.stack}: no backup could be taken before new versions of ${images.join(", ")}: ${error instanceof Error ? error.message : String(error)}; ` +
        "allowed: an update with a fresh backup, or --skip-backup; nothing was changed",
    );
  }
}
