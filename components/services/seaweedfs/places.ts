/** A bucket beside the app's, which says which copy is the bucket's own. */
export const STATE_BUCKET = "apprun-copy-state";

/**
 * A directory that every user may write, in both images. A fresh Docker volume takes owner and mode of the directory
 * that it covers, and those for data belong to root in some builds: so nothing has to start as root.
 */
export const WORLD_WRITABLE = "/var/tmp";
