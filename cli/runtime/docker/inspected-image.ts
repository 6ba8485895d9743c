import type Docker from "dockerode";

/** What an engine says of an image, or nothing where it does not have it. It asks the engine alone, so it needs no network. */
export async function inspectedImage(
  docker: Pick<Docker, "getImage">,
  reference: string,
): Promise<Docker.ImageInspectInfo | undefined> {
  try {
    return await docker.getImage(reference).inspect();
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return undefined;
    throw error;
  }
}
