/** The keys of the rooms that this tab has made. */
import { HostKeys } from "../state/host_keys.ts";

/** They end with the tab. */
export const hostKeys: HostKeys = new HostKeys(() => sessionStorage);
