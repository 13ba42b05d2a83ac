/** The version of the server, as documents and `/healthz` show it. */
export const VERSION = "0.1.0";
