import { cloudflareTls } from "../../../policies/edge/cloudflare-tls.ts";
import { describePolicy, resource } from "../describe-policy.ts";

const END = "; allowed: ssl strict or origin_pull, min_tls_version 1.2 or 1.3, always_use_https on; set it so";
const setting = (settingId: string, value: unknown) =>
  resource("cloudflare:index/zoneSetting:ZoneSetting", "zone", { zoneId: "z", settingId, value });

describePolicy(cloudflareTls, {
  passes: {
    strict: setting("ssl", "strict"),
    "the newest version": setting("min_tls_version", "1.3"),
    "HTTPS for all": setting("always_use_https", "on"),
    "a setting that is not about TLS": setting("rocket_loader", "off"),
    "something else that has settings": resource("cloudflare:index/hostnameTlsSetting:HostnameTlsSetting", "host", {
      settingId: "ssl",
      value: "flexible",
    }),
    "a value that is not known yet": setting("ssl", "[unknown until the update]"),
  },
  fails: {
    flexible: [setting("ssl", "flexible"), `zone setting "zone": got ssl "flexible"${END}`],
    "an old version": [setting("min_tls_version", "1.0"), `zone setting "zone": got min_tls_version "1.0"${END}`],
    "plain HTTP": [setting("always_use_https", "off"), `zone setting "zone": got always_use_https "off"${END}`],
  },
});
