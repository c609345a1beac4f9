/** What a key may do. */
export const API_SCOPES = ["points:read", "points:earn", "points:redeem", "points:adjust"] as const;

export type ApiScope = (typeof API_SCOPES)[number];
