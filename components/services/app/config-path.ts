/** Where the app finds what `app.config` says. */
export const CONFIG_PATH = "/app/config/default.yaml";
